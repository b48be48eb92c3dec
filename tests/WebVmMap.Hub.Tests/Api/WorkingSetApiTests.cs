using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using WebVmMap.Hub.Tests.Hosting;
using WebVmMap.Protocol.V1;
using WebVmMap.Tests.Shared;
using Xunit;

namespace WebVmMap.Hub.Tests.Api;

public sealed class WorkingSetApiTests
{
    private const string Path = "/api/v1/hosts/alpha/processes/42/empty-working-set";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Post_Permitted_TellsBeforeAfterAndWhatStayed()
    {
        await using var hub = await TestHub.StartAsync();
        await using var agent = await PermittingAsync(hub);
        var answer = hub.Api.PostAsync(Path, null, Stop);
        var request = await agent.NextAsync(message => message.EmptyWorkingSet);
        Assert.Equal((42, 0), (request.Process.Pid, request.Process.StartStamp));
        await agent.SendAsync(new AgentMessage { WorkingSetEmptied = new WorkingSetEmptied { RequestId = request.RequestId, ResidentBefore = 9000, ResidentAfter = 100, Notes = { "Some stays." } } });
        using var done = await answer;
        Assert.Equal(HttpStatusCode.OK, done.StatusCode);
        Assert.Equal("""{"residentBefore":9000,"residentAfter":100,"notes":["Some stays."]}""", await done.Content.ReadAsStringAsync(Stop));
        var host = (await hub.Api.GetFromJsonAsync<JsonElement>("/api/v1/hosts", Stop)).EnumerateArray().Single();
        Assert.True(host.GetProperty("permits").GetProperty("emptyWorkingSet").GetBoolean());
    }

    [Fact]
    public async Task Post_NotPermitted_Is403AndTheAgentIsNotAsked()
    {
        await using var hub = await TestHub.StartAsync();
        await using var agent = await hub.AgentAsync();
        using var answer = await hub.Api.PostAsync(Path, null, Stop);
        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        Assert.Contains("--allow-empty-working-set", await answer.Content.ReadAsStringAsync(Stop), StringComparison.Ordinal);
        Assert.False(agent.HasMore);
    }

    [Theory]
    [InlineData(FailureCode.Gone, HttpStatusCode.NotFound)]
    [InlineData(FailureCode.Replaced, HttpStatusCode.NotFound)]
    [InlineData(FailureCode.Denied, HttpStatusCode.Forbidden)]
    [InlineData(FailureCode.Busy, HttpStatusCode.TooManyRequests)]
    [InlineData(FailureCode.Failed, HttpStatusCode.BadGateway)]
    public async Task Post_AgentCannot_SaysWhy(FailureCode code, HttpStatusCode expected)
    {
        await using var hub = await TestHub.StartAsync();
        await using var agent = await PermittingAsync(hub);
        var answer = hub.Api.PostAsync(Path, null, Stop);
        var request = await agent.NextAsync(message => message.EmptyWorkingSet);
        await agent.SendAsync(new AgentMessage { RequestFailed = new RequestFailed { RequestId = request.RequestId, Code = code, Message = "This is why." } });
        using var failed = await answer;
        Assert.Equal(expected, failed.StatusCode);
        Assert.Equal("This is why.", (await failed.Content.ReadFromJsonAsync<JsonElement>(Stop)).GetProperty("detail").GetString());
    }

    [Fact]
    public async Task Post_WithStartTime_NamesExactlyThatProcessToTheAgent()
    {
        await using var hub = await TestHub.StartAsync();
        await using var agent = await PermittingAsync(hub);
        var process = TestSnapshots.Process();
        var answer = hub.Api.PostAsJsonAsync(Path, new { startTime = process.StartTime }, Stop);
        await agent.AnswerListAsync(process);
        var request = await agent.NextAsync(message => message.EmptyWorkingSet);
        Assert.Equal(process.Key.StartStamp, request.Process.StartStamp);
        await agent.SendAsync(new AgentMessage { WorkingSetEmptied = new WorkingSetEmptied { RequestId = request.RequestId } });
        using var done = await answer;
        Assert.Equal(HttpStatusCode.OK, done.StatusCode);
    }

    [Fact]
    public async Task Post_WithAnotherStartTime_Is404AndNothingIsTouched()
    {
        await using var hub = await TestHub.StartAsync();
        await using var agent = await PermittingAsync(hub);
        var process = TestSnapshots.Process();
        var answer = hub.Api.PostAsJsonAsync(Path, new { startTime = process.StartTime.AddSeconds(-1) }, Stop);
        await agent.AnswerListAsync(process);
        using var refused = await answer;
        Assert.Equal(HttpStatusCode.NotFound, refused.StatusCode);
        Assert.False(agent.HasMore);
    }

    [Theory]
    [InlineData("/api/v1/hosts/nowhere/processes/42/empty-working-set", HttpStatusCode.NotFound)]
    [InlineData(Path, HttpStatusCode.Conflict)]
    public async Task Post_NoHostOrNoAgent_IsAProblem(string path, HttpStatusCode expected)
    {
        await using var hub = await TestHub.StartAsync();
        var hosts = hub.Get<WebVmMap.Hub.Hosts.IHostDirectory>();
        var agent = await PermittingAsync(hub);
        await agent.DisposeAsync();
        await Signal.When(hosts.Subscribe, () => hosts.Find("alpha") is { Online: false });
        using var answer = await hub.Api.PostAsync(path, null, Stop);
        Assert.Equal(expected, answer.StatusCode);
    }

    [Fact]
    public async Task Post_LyingAgent_IsLetGo()
    {
        await using var hub = await TestHub.StartAsync();
        await using var agent = await PermittingAsync(hub);
        var answer = hub.Api.PostAsync(Path, null, Stop);
        var request = await agent.NextAsync(message => message.EmptyWorkingSet);
        await agent.SendAsync(new AgentMessage { WorkingSetEmptied = new WorkingSetEmptied { RequestId = request.RequestId, ResidentBefore = -1 } });
        Assert.Equal(Grpc.Core.StatusCode.InvalidArgument, (await agent.Ended).StatusCode);
        using var failed = await answer;
        Assert.Equal(HttpStatusCode.Conflict, failed.StatusCode);
    }

    [Fact]
    public async Task Post_WithoutAKey_Is401()
    {
        await using var hub = await TestHub.StartAsync();
        using var client = hub.Client();
        using var answer = await client.PostAsync(Path, null, Stop);
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    private static Task<ScriptedAgent> PermittingAsync(TestHub hub)
    {
        var hello = ScriptedAgent.Hello();
        hello.PermitsEmptyWorkingSet = true;
        return ScriptedAgent.ConnectAsync(hub.Agents, hello);
    }
}
