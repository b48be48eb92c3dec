using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace WebVmMap.EndToEnd.Harness;

/// <summary>Calls of the HTTP API as a script makes them: untyped JSON, so that a renamed field is noticed.</summary>
public static class ApiClient
{
    /// <summary>A document that has to be there.</summary>
    public static async Task<JsonElement> GetJsonAsync(this HttpClient api, string path)
    {
        using var response = await api.GetAsync(path, TestContext.Current.CancellationToken);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(response.StatusCode == HttpStatusCode.OK, $"{path}: {(int)response.StatusCode} {text}");
        return JsonElement.Parse(text);
    }

    /// <summary>Takes a snapshot and returns its id.</summary>
    public static async Task<string> TakeSnapshotAsync(this HttpClient api, string host, int pid, string? label = null)
    {
        using var response = await api.PostAsJsonAsync($"/api/v1/hosts/{host}/processes/{pid}/snapshots", new { label }, TestContext.Current.CancellationToken);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(response.StatusCode == HttpStatusCode.Created, $"{(int)response.StatusCode} {text}");
        var id = JsonElement.Parse(text).GetProperty("id").GetString()!;
        Assert.Equal($"/api/v1/snapshots/{id}", response.Headers.Location?.OriginalString);
        return id;
    }

    /// <summary>Starts a program under recording and returns the recording's id.</summary>
    public static async Task<string> RecordAsync(this HttpClient api, string host, params string[] command)
    {
        using var response = await api.PostAsJsonAsync($"/api/v1/hosts/{host}/recordings", new { command }, TestContext.Current.CancellationToken);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(response.StatusCode == HttpStatusCode.Created, $"{(int)response.StatusCode} {text}");
        return JsonElement.Parse(text).GetProperty("id").GetString()!;
    }

    /// <summary>Makes a share link of a snapshot and returns its address.</summary>
    public static async Task<string> ShareAsync(this HttpClient api, string snapshot)
    {
        using var response = await api.PostAsJsonAsync($"/api/v1/snapshots/{snapshot}/shares", new { name = "this test" }, TestContext.Current.CancellationToken);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(response.StatusCode == HttpStatusCode.Created, $"{(int)response.StatusCode} {text}");
        return JsonElement.Parse(text).GetProperty("url").GetString()!;
    }

    /// <summary>An answer that has to be problem details of a status; returns what it says.</summary>
    public static async Task<string> ProblemAsync(this HttpResponseMessage response, HttpStatusCode status)
    {
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(response.StatusCode == status, $"{(int)response.StatusCode} {text}");
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        var problem = JsonElement.Parse(text);
        Assert.Equal((int)status, problem.GetProperty("status").GetInt32());
        Assert.NotEmpty(problem.GetProperty("title").GetString()!);
        return problem.GetProperty("detail").GetString()!;
    }

    public static long Bytes(this JsonElement row, string name) => row.GetProperty(name).GetInt64();

    public static string Text(this JsonElement row, string name) => row.GetProperty(name).GetString()!;
}
