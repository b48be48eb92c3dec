using System.Globalization;
using System.Net;
using System.Net.Http.Json;

namespace WebVmMap.EndToEnd.Api;

public sealed class HostsApiTests(DemoSystem demo)
{
    [Fact]
    public async Task Health_WithoutKey_IsReady()
    {
        using var client = new HttpClient { BaseAddress = new Uri(demo.Url) };
        using var answer = await client.GetAsync("/healthz", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Fact]
    public async Task Hosts_OwnMachine_IsOnlineAndPermitsRecording()
    {
        var hosts = await demo.Api.GetJsonAsync("/api/v1/hosts");
        var host = hosts.EnumerateArray().Single(h => h.Text("id") == demo.HostId);
        Assert.Equal("online", host.Text("status"));
        Assert.NotEmpty(host.Text("name"));
        Assert.NotEmpty(host.Text("os"));
        Assert.Contains(host.Text("architecture"), (string[])["x64", "arm64"]);
        Assert.NotEmpty(host.Text("agentVersion"));
        Assert.True(host.GetProperty("permits").GetProperty("recording").GetBoolean());
        Assert.False(host.GetProperty("permits").GetProperty("contents").GetBoolean());
        Assert.EndsWith("Z", host.Text("lastSeen"), StringComparison.Ordinal);
        var lastSeen = DateTimeOffset.Parse(host.Text("lastSeen"), CultureInfo.InvariantCulture);
        Assert.InRange(lastSeen, DateTimeOffset.UtcNow.AddMinutes(-1), DateTimeOffset.UtcNow.AddSeconds(1));
    }

    [Fact]
    public async Task Processes_IdleProcess_IsListedWithItsCounters()
    {
        using var target = Target.Idle();
        var resident = Truth.SmapsRecord.ReadFields(target.Pid, "smaps_rollup")["Rss"];
        var processes = await demo.Api.GetJsonAsync($"/api/v1/hosts/{demo.HostId}/processes");
        var process = processes.EnumerateArray().Single(p => p.GetProperty("pid").GetInt32() == target.Pid);
        Assert.Equal("cat", process.Text("name"));
        Assert.Equal("cat", process.Text("commandLine"));
        Assert.Equal(Environment.UserName, process.Text("user"));
        Assert.False(process.GetProperty("managed").GetBoolean());
        Assert.Equal(resident, process.Bytes("workingSetBytes"));
        Assert.True(process.Bytes("privateBytes") > 0);
        Assert.InRange(
            DateTimeOffset.Parse(process.Text("startTime"), CultureInfo.InvariantCulture), DateTimeOffset.UtcNow.AddMinutes(-5), DateTimeOffset.UtcNow.AddSeconds(2));
        Assert.True(processes.EnumerateArray().Single(p => p.GetProperty("pid").GetInt32() == Environment.ProcessId).GetProperty("managed").GetBoolean());
    }

    [Fact]
    public async Task Snapshot_KernelThread_IsRefusedWithTheReason()
    {
        Assert.SkipUnless(Directory.Exists("/proc/2") && File.ReadAllText("/proc/2/comm") == "kthreadd\n", "No kernel threads are to be seen from this container.");
        using var answer = await demo.Api.PostAsync($"/api/v1/hosts/{demo.HostId}/processes/2/snapshots", null, TestContext.Current.CancellationToken);
        Assert.Contains("kernel thread", await answer.ProblemAsync(answer.StatusCode), StringComparison.Ordinal);
        Assert.False(answer.IsSuccessStatusCode);
    }

    [Fact]
    public async Task Snapshot_ProcessThatEnded_Is404()
    {
        using var target = Target.Idle();
        target.End();
        using var answer = await demo.Api.PostAsync($"/api/v1/hosts/{demo.HostId}/processes/{target.Pid}/snapshots", null, TestContext.Current.CancellationToken);
        Assert.Contains(target.Pid.ToString(CultureInfo.InvariantCulture), await answer.ProblemAsync(HttpStatusCode.NotFound), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET", "/api/v1/hosts/nowhere/processes", 404)]
    [InlineData("POST", "/api/v1/hosts/nowhere/processes/1/snapshots", 404)]
    [InlineData("GET", "/api/v1/snapshots/nothing", 404)]
    [InlineData("GET", "/api/v1/snapshots/nothing/regions", 404)]
    [InlineData("GET", "/api/v1/snapshots/nothing/export?format=csv", 404)]
    [InlineData("GET", "/api/v1/nothing", 404)]
    [InlineData("GET", "/api/v1/snapshots/nothing/export?format=pdf", 400)]
    [InlineData("GET", "/api/v1/snapshots/nothing/regions?category=Nonsense", 400)]
    [InlineData("GET", "/api/v1/snapshots?take=0", 400)]
    [InlineData("GET", "/api/v1/snapshots?pid=word", 400)]
    public async Task Request_Wrong_GetsProblemDetails(string method, string path, int status)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        using var answer = await demo.Api.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.NotEmpty(await answer.ProblemAsync((HttpStatusCode)status));
    }

    [Fact]
    public async Task Snapshot_BodyThatIsNoJson_Is400()
    {
        using var body = new StringContent("{label", System.Text.Encoding.UTF8, "application/json");
        using var answer = await demo.Api.PostAsync($"/api/v1/hosts/{demo.HostId}/processes/1/snapshots", body, TestContext.Current.CancellationToken);
        Assert.Contains("JSON", await answer.ProblemAsync(HttpStatusCode.BadRequest), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/api/v1/hosts")]
    [InlineData("/api/v1/snapshots")]
    [InlineData("/openapi/v1.json")]
    public async Task Request_WithoutKey_Is401(string path)
    {
        using var client = new HttpClient { BaseAddress = new Uri(demo.Url) };
        using var answer = await client.GetAsync(path, TestContext.Current.CancellationToken);
        Assert.Contains("Authorization: Bearer", await answer.ProblemAsync(HttpStatusCode.Unauthorized), StringComparison.Ordinal);
        client.DefaultRequestHeaders.Authorization = new("Bearer", "wrong");
        using var wrong = await client.PostAsJsonAsync(path, new { }, TestContext.Current.CancellationToken);
        await wrong.ProblemAsync(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task OpenApi_Document_NamesEveryCall()
    {
        var document = await demo.Api.GetJsonAsync("/openapi/v1.json");
        Assert.StartsWith("3.", document.Text("openapi"), StringComparison.Ordinal);
        var calls = document.GetProperty("paths").EnumerateObject().SelectMany(path => path.Value.EnumerateObject().Select(verb => $"{verb.Name} {path.Name}")).Order(StringComparer.Ordinal);
        Assert.Equal(
            [
                "delete /api/v1/recordings/{id}", "delete /api/v1/recordings/{id}/shares", "delete /api/v1/recordings/{id}/shares/{shareId}",
                "delete /api/v1/schedules/{id}", "delete /api/v1/shares/{shareId}", "delete /api/v1/snapshots/{id}", "delete /api/v1/snapshots/{id}/shares",
                "delete /api/v1/snapshots/{id}/shares/{shareId}", "get /api/v1/audit", "get /api/v1/hosts", "get /api/v1/hosts/{host}/processes",
                "get /api/v1/hosts/{host}/processes/{pid}/history", "get /api/v1/recordings", "get /api/v1/recordings/{id}", "get /api/v1/recordings/{id}/blocks",
                "get /api/v1/recordings/{id}/callers", "get /api/v1/recordings/{id}/calltree", "get /api/v1/recordings/{id}/export", "get /api/v1/recordings/{id}/modules",
                "get /api/v1/recordings/{id}/shares",
                "get /api/v1/recordings/{id}/sizes", "get /api/v1/recordings/{id}/source", "get /api/v1/recordings/{id}/timeline", "get /api/v1/retention",
                "get /api/v1/schedules", "get /api/v1/schedules/{id}", "get /api/v1/shares", "get /api/v1/shares/{shareId}", "get /api/v1/snapshots",
                "get /api/v1/snapshots/trend", "get /api/v1/snapshots/{a}/diff/{b}", "get /api/v1/snapshots/{a}/diff/{b}/export", "get /api/v1/snapshots/{id}",
                "get /api/v1/snapshots/{id}/blocks", "get /api/v1/snapshots/{id}/export", "get /api/v1/snapshots/{id}/fragmentation", "get /api/v1/snapshots/{id}/regions",
                "get /api/v1/snapshots/{id}/shares", "get /healthz", "patch /api/v1/recordings/{id}", "patch /api/v1/schedules/{id}", "patch /api/v1/snapshots/{id}",
                "post /api/v1/hosts/{host}/processes/{pid}/empty-working-set", "post /api/v1/hosts/{host}/processes/{pid}/snapshots",
                "post /api/v1/hosts/{host}/recordings", "post /api/v1/recordings/{id}/marks", "post /api/v1/recordings/{id}/shares", "post /api/v1/recordings/{id}/stop",
                "post /api/v1/schedules", "post /api/v1/snapshots/import", "post /api/v1/snapshots/{a}/diff/{b}/shares", "post /api/v1/snapshots/{id}/restore",
                "post /api/v1/snapshots/{id}/shares", "put /api/v1/retention",
            ],
            calls);
        Assert.Equal("http", document.GetProperty("components").GetProperty("securitySchemes").GetProperty("bearer").Text("type"));
    }
}
