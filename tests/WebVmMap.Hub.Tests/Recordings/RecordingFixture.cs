using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using WebVmMap.Hub.Recordings;
using WebVmMap.Hub.Tests.Hosting;
using WebVmMap.Tests.Shared;
using Xunit;

namespace WebVmMap.Hub.Tests.Recordings;

/// <summary>A hub with an agent that permits recordings, and one that runs.</summary>
internal static class RecordingFixture
{
    public static readonly string[] Command = ["/opt/demo/leaky", "--fast"];

    public static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static Task<ScriptedAgent> AgentAsync(Uri agents, string name = "alpha", bool source = false)
    {
        var hello = ScriptedAgent.Hello(name);
        hello.PermitsRecording = true;
        hello.PermitsSource = source;
        return ScriptedAgent.ConnectAsync(agents, hello);
    }

    public static Task<ScriptedAgent> AgentAsync(TestHub hub, string name = "alpha", bool source = false) => AgentAsync(hub.Agents, name, source);

    /// <summary>Starts one by the API and answers for the agent.</summary>
    public static async Task<string> StartAsync(HttpClient api, ScriptedAgent agent, int pid = 77, bool children = false)
    {
        var answer = api.PostAsJsonAsync("/api/v1/hosts/alpha/recordings", new { command = Command, children }, Stop);
        var request = await agent.NextAsync(message => message.StartRecording);
        Assert.Equal(children, request.FollowChildren);
        await agent.SendAsync(new Protocol.V1.AgentMessage
        {
            RecordingStarted = new Protocol.V1.RecordingStarted { RequestId = request.RequestId, RecordingId = request.RecordingId, Pid = pid },
        });
        using var started = await answer;
        Assert.Equal(HttpStatusCode.Created, started.StatusCode);
        var body = await started.Content.ReadFromJsonAsync<JsonElement>(Stop);
        Assert.Equal((request.RecordingId, pid), (body.GetProperty("id").GetString(), body.GetProperty("pid").GetInt32()));
        Assert.Equal($"/api/v1/recordings/{request.RecordingId}", started.Headers.Location?.ToString());
        return request.RecordingId;
    }

    public static Task WhenAsync(TestHub hub, string id, Func<Recording, bool> condition)
    {
        var recordings = hub.Get<IRecordings>();
        return Signal.When(recordings.Subscribe, () => recordings.Find(id) is { } recording && condition(recording));
    }

    public static Task<JsonElement> GetAsync(HttpClient api, string path) => api.GetFromJsonAsync<JsonElement>($"/api/v1/recordings/{path}", Stop);

    public static async Task<string> ProblemAsync(Task<HttpResponseMessage> answer, HttpStatusCode status)
    {
        using var refused = await answer;
        Assert.Equal(status, refused.StatusCode);
        Assert.Equal("application/problem+json", refused.Content.Headers.ContentType?.MediaType);
        return (await refused.Content.ReadFromJsonAsync<JsonElement>(Stop)).GetProperty("detail").GetString()!;
    }
}
