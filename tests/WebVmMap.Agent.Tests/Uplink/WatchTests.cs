using WebVmMap.Agent.Policy;
using WebVmMap.Agent.Tests.Hub;
using WebVmMap.Probes;
using WebVmMap.Protocol;
using WebVmMap.Protocol.V1;
using WebVmMap.Testing.Probes;

namespace WebVmMap.Agent.Tests.Uplink;

/// <summary>Watched processes, through a real connection.</summary>
public sealed class WatchTests
{
    private static readonly TimeSpan s_second = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task Watch_Process_SendsWhoItIsThenFramesThatFollowIt()
    {
        await using var hub = await TestHub.StartAsync();
        await using var agent = new AgentFixture(hub.Url);
        var process = agent.Host.Add(new FakeProcess(5, name: "redis"));
        // More than one part for the first frame.
        process.MapMany(30_000);
        var call = await hub.WelcomeNextAgentAsync();

        await call.SendAsync(WatchMessage("w1", 5, 1000));
        var samples = await hub.NextSamplesAsync();
        var first = await samples.NextFrameAsync();
        Assert.Equal("w1", samples.WatchId);
        Assert.Equal(process.Key, samples.Process?.Key);
        Assert.Equal("/bin/redis --run", samples.Process?.CommandLine);
        Assert.Equal(1000u, samples.State?.EffectiveIntervalMs);
        Assert.Equal(AgentProtocol.ChunkBytes, samples.LargestPart);

        process.Map(0x20000, 4096);
        await agent.Time.PassAsync(s_second);
        var second = await samples.NextFrameAsync();

        Assert.Equal(2, samples.LastFrameKind);
        Assert.Equal(first.Summary.Total.Size + 4096, second.Summary.Total.Size);
        Assert.Equal("w1", samples.WatchId);
    }

    [Fact]
    public async Task Watch_KeyFrameIsAskedFor_NextFrameIsOne()
    {
        await using var hub = await TestHub.StartAsync();
        await using var agent = new AgentFixture(hub.Url);
        agent.Host.Add(new FakeProcess(5));
        var call = await hub.WelcomeNextAgentAsync();
        await call.SendAsync(WatchMessage("w1", 5, 1000));
        var samples = await hub.NextSamplesAsync();
        await samples.NextFrameAsync();

        await samples.AskForKeyFrameAsync();
        await samples.NextFrameAsync();

        Assert.Equal(1, samples.LastFrameKind);
    }

    [Fact]
    public async Task Unwatch_Watched_EndsTheStreamInOrderAndLooksNoMore()
    {
        await using var hub = await TestHub.StartAsync();
        await using var agent = new AgentFixture(hub.Url);
        var process = agent.Host.Add(new FakeProcess(5));
        var call = await hub.WelcomeNextAgentAsync();
        await call.SendAsync(WatchMessage("w1", 5, 1000));
        var samples = await hub.NextSamplesAsync();
        await samples.NextFrameAsync();

        await call.SendAsync(new HubMessage { Unwatch = new Unwatch { WatchId = "w1" } });
        Assert.Null(await samples.NextAsync());
        samples.End();
        for (var i = 0; i < 100; i++)
        {
            agent.Time.Advance(s_second);
        }
        await agent.StopAsync();
        await agent.Running;

        Assert.Equal((1, 1, 0), (process.Disposed, process.Passes, process.CounterReads));
        Assert.Empty(agent.Log.Errors);
    }

    [Fact]
    public async Task Watch_Nobody_NothingIsLookedAt()
    {
        await using var hub = await TestHub.StartAsync();
        await using var agent = new AgentFixture(hub.Url);
        var process = agent.Host.Add(new FakeProcess(5));
        var call = await hub.WelcomeNextAgentAsync(heartbeatSeconds: 10);

        await agent.Time.PassAsync(10 * s_second);
        Assert.NotNull((await call.NextWithHeartbeatsAsync()).Heartbeat);
        for (var i = 0; i < 30; i++)
        {
            agent.Time.Advance(10 * s_second);
            Assert.NotNull((await call.NextWithHeartbeatsAsync()).Heartbeat);
        }

        Assert.Equal((0, 0, 0, 0), (process.Opened, process.Passes, process.CounterReads, agent.Host.Lists));
    }

    [Fact]
    public async Task Watch_ConnectionEnds_LooksNoMoreUntilWatchedAgain()
    {
        await using var hub = await TestHub.StartAsync();
        await using var agent = new AgentFixture(hub.Url);
        var process = agent.Host.Add(new FakeProcess(5));
        var call = await hub.WelcomeNextAgentAsync();
        await call.SendAsync(WatchMessage("w1", 5, 60_000));
        await (await hub.NextSamplesAsync()).NextFrameAsync();

        call.End(Grpc.Core.Status.DefaultSuccess);
        await agent.Time.PassAsync(s_second);
        call = await hub.WelcomeNextAgentAsync();
        Assert.Equal((1, 1), (process.Passes, process.Disposed));
        await call.SendAsync(WatchMessage("w1", 5, 60_000));
        var samples = await hub.NextSamplesAsync();
        await samples.NextFrameAsync();

        Assert.Equal(1, samples.LastFrameKind);
        Assert.Empty(agent.Log.Errors);
    }

    [Fact]
    public async Task SetWatchInterval_ByHand_TakesASampleForEach()
    {
        await using var hub = await TestHub.StartAsync();
        await using var agent = new AgentFixture(hub.Url);
        var process = agent.Host.Add(new FakeProcess(5));
        var call = await hub.WelcomeNextAgentAsync();
        await call.SendAsync(WatchMessage("w1", 5, 0));
        var samples = await hub.NextSamplesAsync();
        await samples.NextFrameAsync();

        await call.SendAsync(new HubMessage { SetWatchInterval = new SetWatchInterval { WatchId = "w1", IntervalMs = 0 } });
        await samples.NextFrameAsync();

        Assert.Equal(2, process.Passes);
        Assert.Equal(0u, samples.State?.EffectiveIntervalMs);
    }

    [Fact]
    public async Task Watch_NoSuchProcess_IsAnsweredWithTheReason()
    {
        await using var hub = await TestHub.StartAsync();
        await using var agent = new AgentFixture(hub.Url);
        var call = await hub.WelcomeNextAgentAsync();

        await call.SendAsync(WatchMessage("w1", 5, 1000));

        Assert.Equal(new RequestFailed { RequestId = "w1", Code = FailureCode.NotFound, Message = "There is no process 5." }, (await call.NextAsync()).RequestFailed);
    }

    [Fact]
    public async Task Watch_ProcessEnds_TheStreamSaysSoAndEnds()
    {
        await using var hub = await TestHub.StartAsync();
        await using var agent = new AgentFixture(hub.Url);
        var process = agent.Host.Add(new FakeProcess(5));
        var call = await hub.WelcomeNextAgentAsync();
        await call.SendAsync(WatchMessage("w1", 5, 1000));
        var samples = await hub.NextSamplesAsync();
        await samples.NextFrameAsync();

        process.Failure = new ProbeFailure(ProbeOutcome.Gone, "Process 5 has ended.");
        await agent.Time.PassAsync(s_second);

        Assert.Equal(new WatchEnded { Code = FailureCode.Gone, Message = "Process 5 has ended." }, (await samples.NextAsync())?.Ended);
        Assert.Null(await samples.NextAsync());
    }

    [Fact]
    public async Task Watch_MoreThanPermitted_IsBusyUntilOneEnds()
    {
        await using var hub = await TestHub.StartAsync();
        await using var agent = new AgentFixture(hub.Url, limits: new AgentLimits { Watches = 2 });
        var processes = Enumerable.Range(1, 3).Select(pid => agent.Host.Add(new FakeProcess(pid))).ToArray();
        var call = await hub.WelcomeNextAgentAsync();
        await call.SendAsync(WatchMessage("w1", 1, 60_000));
        var first = await hub.NextSamplesAsync();
        await first.NextFrameAsync();
        await call.SendAsync(WatchMessage("w2", 2, 60_000));
        await (await hub.NextSamplesAsync()).NextFrameAsync();

        await call.SendAsync(WatchMessage("w3", 3, 60_000));
        var failed = (await call.NextAsync()).RequestFailed;

        Assert.Equal(("w3", FailureCode.Busy), (failed.RequestId, failed.Code));
        Assert.Equal(0, processes[2].Opened);
    }

    [Fact]
    public async Task Watch_SameIdTwice_SecondIsRefusedAndFirstGoesOn()
    {
        await using var hub = await TestHub.StartAsync();
        await using var agent = new AgentFixture(hub.Url);
        agent.Host.Add(new FakeProcess(5));
        var call = await hub.WelcomeNextAgentAsync();
        await call.SendAsync(WatchMessage("w1", 5, 1000));
        var samples = await hub.NextSamplesAsync();
        await samples.NextFrameAsync();

        await call.SendAsync(WatchMessage("w1", 5, 1000));

        Assert.Equal(FailureCode.Failed, (await call.NextAsync()).RequestFailed.Code);
        await agent.Time.PassAsync(s_second);
        await samples.NextFrameAsync();
    }

    [Fact]
    public async Task Watch_HubDoesNotRead_AgentHoldsOneFrameCountsTheRestAndServesOn()
    {
        await using var hub = await TestHub.StartAsync();
        await using var agent = new AgentFixture(hub.Url);
        var process = agent.Host.Add(new FakeProcess(5));
        // A first frame of some 700 KB does not fit into what the hub lets come unread.
        process.MapMany(20_000);
        var call = await hub.WelcomeNextAgentAsync(heartbeatSeconds: 3600);
        await call.SendAsync(WatchMessage("w1", 5, 1000));
        var samples = await hub.NextSamplesAsync();

        for (var i = 0; i < 500; i++)
        {
            await agent.Time.PassAsync(s_second);
        }

        // Not one more pass was made, so nothing is queued anywhere; and what else the hub asks for is answered.
        await call.SendAsync(new HubMessage { ListProcesses = new ListProcesses { RequestId = "r" } });
        Assert.True((await call.NextAsync()).ProcessList.Complete);
        Assert.Equal(s_second, await agent.Time.NextWaitAsync());
        Assert.Equal((1, 0, 500L), (process.Passes, process.CounterReads, agent.Context.Drops.Total));

        // The hub reads again: the old picture comes whole, then the newest.
        process.Map(0x20000, 4096);
        var before = await samples.NextFrameAsync();
        agent.Time.Advance(s_second);
        var after = await samples.NextFrameAsync();
        Assert.Equal(before.Summary.Total.Size + 4096, after.Summary.Total.Size);
    }

    private static HubMessage WatchMessage(string id, int pid, uint intervalMs) =>
        new() { Watch = new Watch { WatchId = id, Process = new ProcessRef { Pid = pid }, IntervalMs = intervalMs } };
}
