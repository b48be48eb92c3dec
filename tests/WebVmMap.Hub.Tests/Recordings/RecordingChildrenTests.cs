using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Grpc.Core;
using WebVmMap.Hub.Recordings;
using WebVmMap.Hub.Store;
using WebVmMap.Hub.Tests.Hosting;
using WebVmMap.Protocol.V1;
using WebVmMap.Tests.Shared;
using Xunit;

namespace WebVmMap.Hub.Tests.Recordings;

/// <summary>Processes that a recorded program starts: each comes as a recording of its own, which knows with which it came.</summary>
public sealed class RecordingChildrenTests
{
    private static CancellationToken Stop => RecordingFixture.Stop;

    [Fact]
    public async Task Child_Told_IsARecordingOfItsOwnThatNamesItsParent()
    {
        await using var hub = await TestHub.StartAsync();
        await using var agent = await RecordingFixture.AgentAsync(hub);
        var id = await RecordingFixture.StartAsync(hub.Api, agent, children: true);
        var named = await TellAsync(agent, id, 80);
        Assert.Equal((id, 80, 1080L, ""), (named.ParentId, named.Pid, named.StartStamp, named.Refusal));
        // An agent that did not hear it asks again.
        Assert.Equal(named, await TellAsync(agent, id, 80));
        var other = await TellAsync(agent, id, 81);
        Assert.NotEqual(named.RecordingId, other.RecordingId);

        using var stream = agent.StreamRecording();
        Assert.Equal(0U, await stream.OpenAsync(named.RecordingId));
        await stream.SendAsync(RecordedScript.Interval(0));
        var child = await RecordingFixture.GetAsync(hub.Api, named.RecordingId);
        Assert.Equal(("running", 80, "sort", false, 120L), (child.GetProperty("state").GetString(), child.GetProperty("pid").GetInt32(), child.GetProperty("program").GetString(),
            child.GetProperty("launched").GetBoolean(), child.GetProperty("liveBytes").GetInt64()));
        Assert.Equal((id, 77), (child.GetProperty("parent").GetString(), child.GetProperty("parentPid").GetInt32()));
        Assert.Empty(child.GetProperty("children").EnumerateArray());
        await stream.EndAsync();
        await RecordingFixture.WhenAsync(hub, named.RecordingId, recording => recording.HasEnded);

        var parent = await RecordingFixture.GetAsync(hub.Api, id);
        Assert.False(parent.TryGetProperty("parent", out _));
        Assert.Equal(
            [$"{named.RecordingId} 80 sort stopped", $"{other.RecordingId} 81 sort running"],
            parent.GetProperty("children").EnumerateArray().Select(each => string.Join(' ', each.EnumerateObject().Select(field => field.Value.ToString()))));
        var list = (await hub.Api.GetFromJsonAsync<JsonElement>("/api/v1/recordings", Stop)).EnumerateArray().ToDictionary(each => each.GetProperty("id").GetString()!);
        Assert.Equal((3, 2, id), (list.Count, list[id].GetProperty("children").GetArrayLength(), list[other.RecordingId].GetProperty("parent").GetString()));
        // Who asked for it is written down once.
        var audit = await hub.Get<AuditLog>().ListAsync(10, Stop);
        Assert.Equal("/opt/demo/leaky --fast on alpha, with the processes that it starts", Assert.Single(audit).Details);
    }

    [Fact]
    public async Task Parent_StoppedAndDeleted_StopsItsChildrenAndTakesThemWithItButPinnedOnes()
    {
        await using var hub = await TestHub.StartAsync();
        await using var agent = await RecordingFixture.AgentAsync(hub);
        var id = await RecordingFixture.StartAsync(hub.Api, agent, children: true);
        var (child, pinned) = ((await TellAsync(agent, id, 80)).RecordingId, (await TellAsync(agent, id, 81)).RecordingId);
        await hub.Get<IRecordings>().ChangeAsync(pinned, new RecordingChange { Pinned = true }, Stop);
        using var stream = agent.StreamRecording();
        await stream.OpenAsync(id);
        var stopping = hub.Api.PostAsync($"/api/v1/recordings/{id}/stop", null, Stop);
        Assert.Equal(id, (await agent.NextAsync(message => message.StopRecording)).RecordingId);
        Assert.Equal(child, (await agent.NextAsync(message => message.StopRecording)).RecordingId);
        Assert.Equal(pinned, (await agent.NextAsync(message => message.StopRecording)).RecordingId);
        await stream.EndAsync();
        using (var stopped = await stopping)
        {
            Assert.Equal(HttpStatusCode.OK, stopped.StatusCode);
        }
        // Nobody launched the child for this.
        Assert.Contains("was started by a recorded one",
            await RecordingFixture.ProblemAsync(hub.Api.PostAsJsonAsync($"/api/v1/recordings/{child}/stop", new { endProgram = true }, Stop), HttpStatusCode.UnprocessableEntity), StringComparison.Ordinal);
        Assert.Equal(
            "A process that it started is still recorded: stop it once more first.",
            await RecordingFixture.ProblemAsync(hub.Api.DeleteAsync($"/api/v1/recordings/{id}", Stop), HttpStatusCode.Conflict));
        foreach (var one in (string[])[child, pinned])
        {
            using var ending = agent.StreamRecording();
            await ending.OpenAsync(one);
            await ending.EndAsync();
            await RecordingFixture.WhenAsync(hub, one, recording => recording.HasEnded);
        }
        using var deleted = await hub.Api.DeleteAsync($"/api/v1/recordings/{id}", Stop);
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        Assert.Equal([pinned], hub.Get<IRecordings>().All.Select(recording => recording.Id));
        var left = await RecordingFixture.GetAsync(hub.Api, pinned);
        Assert.Equal((false, 77), (left.TryGetProperty("parent", out _), left.GetProperty("parentPid").GetInt32()));
        // What has no recording any more takes nobody with it.
        Assert.False(await hub.Get<IRecordings>().DeleteAsync(id, "someone", Stop));
        Assert.NotNull(hub.Get<IRecordings>().Find(pinned));
        Assert.Contains("There is no recording", (await TellAsync(agent, id, 82)).Refusal, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Child_OfWhatFollowsNone_IsRefused()
    {
        await using var hub = await TestHub.StartAsync();
        await using var agent = await RecordingFixture.AgentAsync(hub);
        var alone = await RecordingFixture.StartAsync(hub.Api, agent);
        var id = await RecordingFixture.StartAsync(hub.Api, agent, children: true);
        var child = await TellAsync(agent, id, 80);
        await using var stranger = await RecordingFixture.AgentAsync(hub, "beta");
        foreach (var (from, parent) in new[] { (agent, alone), (agent, "nothing"), (agent, child.RecordingId), (stranger, id) })
        {
            var refused = await TellAsync(from, parent, 90);
            Assert.Equal(("", $"There is no recording {parent} of this host that follows the processes that its program starts."), (refused.RecordingId, refused.Refusal));
        }
        Assert.Equal(3, hub.Get<IRecordings>().All.Length);
    }

    [Fact]
    public async Task Children_MoreThanMayBe_AreRefused()
    {
        await using var hub = await TestHub.StartAsync();
        await using var agent = await RecordingFixture.AgentAsync(hub);
        var id = await RecordingFixture.StartAsync(hub.Api, agent, children: true);
        for (var i = 0; i < RecordingBook.MaximumChildrenAtOnce; i++)
        {
            Assert.Equal("", (await TellAsync(agent, id, 100 + i)).Refusal);
        }
        Assert.Contains("256 are recorded at once", (await TellAsync(agent, id, 9999)).Refusal, StringComparison.Ordinal);
        // They are none of the few that people may ask for.
        await RecordingFixture.StartAsync(hub.Api, agent);
    }

    [Fact]
    public async Task Child_WithoutAProcess_EndsTheConnection()
    {
        await using var hub = await TestHub.StartAsync();
        await using var agent = await RecordingFixture.AgentAsync(hub);
        var id = await RecordingFixture.StartAsync(hub.Api, agent, children: true);
        await agent.SendAsync(new AgentMessage { RecordingChild = new RecordingChild { ParentId = id } });
        Assert.Equal(StatusCode.InvalidArgument, (await agent.Ended.WaitAsync(TimeSpan.FromSeconds(30), Stop)).StatusCode);
    }

    [Fact]
    public async Task Start_ChildrenOfAProcessThatRuns_IsRefused()
    {
        await using var hub = await TestHub.StartAsync();
        await using var agent = await RecordingFixture.AgentAsync(hub);
        var problem = await RecordingFixture.ProblemAsync(hub.Api.PostAsJsonAsync("/api/v1/hosts/alpha/recordings", new { pid = 4, children = true }, Stop), HttpStatusCode.UnprocessableEntity);
        Assert.Contains("cannot be followed", problem, StringComparison.Ordinal);
    }

    internal static async Task<ChildNamed> TellAsync(ScriptedAgent agent, string parent, int pid)
    {
        await agent.SendAsync(new AgentMessage { RecordingChild = new RecordingChild { ParentId = parent, Pid = pid, StartStamp = 1000 + pid, ParentPid = 77, Program = "/usr/bin/sort" } });
        return await agent.NextAsync(message => message.ChildNamed);
    }
}
