using Microsoft.Extensions.Time.Testing;
using WebVmMap.Core.Regions;
using WebVmMap.Core.Snapshots;
using WebVmMap.Hub.Live;
using WebVmMap.Hub.Tests.Hosting;
using WebVmMap.Protocol.V1;
using WebVmMap.Tests.Shared;
using Xunit;

namespace WebVmMap.Hub.Tests.Live;

public sealed class LiveProcessesTests
{
    private static readonly LiveProcessAddress s_address = new("alpha", 42, 77);

    [Fact]
    public async Task Watch_SeveralViewers_ShareOneWatchAtTheShortestInterval()
    {
        await using var hub = await TestHub.StartAsync();
        await using var agent = await hub.AgentAsync();
        var live = hub.Get<ILiveProcesses>();
        using var slow = live.Watch(s_address, 5000, () => { });
        var watch = await agent.NextAsync(message => message.Watch);
        Assert.Equal((42, 77L, 5000u), (watch.Process.Pid, watch.Process.StartStamp, watch.IntervalMs));
        using var fast = live.Watch(s_address, 1000, () => { });
        Assert.Equal((watch.WatchId, 1000u), await IntervalAsync(agent));
        fast.SetInterval(2000);
        Assert.Equal((watch.WatchId, 2000u), await IntervalAsync(agent));
        fast.Dispose();
        Assert.Equal((watch.WatchId, 5000u), await IntervalAsync(agent));
        slow.SetInterval(3);
        Assert.Equal((watch.WatchId, 1000u), await IntervalAsync(agent));
    }

    [Fact]
    public async Task Watch_ByHand_AsksForOneSampleAtATime()
    {
        await using var hub = await TestHub.StartAsync();
        await using var agent = await hub.AgentAsync();
        using var lease = hub.Get<ILiveProcesses>().Watch(s_address, 0, () => { });
        var watch = await agent.NextAsync(message => message.Watch);
        Assert.Equal(0u, watch.IntervalMs);
        Assert.Equal((watch.WatchId, 0u), await IntervalAsync(agent));
        lease.SampleNow();
        Assert.Equal((watch.WatchId, 0u), await IntervalAsync(agent));
    }

    [Fact]
    public async Task SampleNow_AtAnInterval_KeepsTheInterval()
    {
        await using var hub = await TestHub.StartAsync();
        await using var agent = await hub.AgentAsync();
        using var lease = hub.Get<ILiveProcesses>().Watch(s_address, 10_000, () => { });
        var watch = await agent.NextAsync(message => message.Watch);
        lease.SampleNow();
        Assert.Equal((watch.WatchId, 0u), await IntervalAsync(agent));
        Assert.Equal((watch.WatchId, 10_000u), await IntervalAsync(agent));
    }

    [Fact]
    public async Task Watch_LastViewerLeaves_EndsOnlyAfterAWhile()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var hub = await TestHub.StartAsync(time: time);
        await using var agent = await hub.AgentAsync();
        var live = hub.Get<ILiveProcesses>();
        live.Watch(s_address, 1000, () => { }).Dispose();
        var watch = await agent.NextAsync(message => message.Watch);
        time.Advance(LiveProcesses.Linger - TimeSpan.FromMilliseconds(1));
        // A reload in time finds the same watch: nothing is sent.
        var reloaded = live.Watch(s_address, 1000, () => { });
        time.Advance(LiveProcesses.Linger);
        reloaded.Dispose();
        time.Advance(LiveProcesses.Linger);
        Assert.Equal(watch.WatchId, (await agent.NextAsync(message => message.Unwatch)).WatchId);
    }

    [Fact]
    public async Task Samples_KeyFrameDeltaAndCounters_MakeTheNewestPicture()
    {
        await using var hub = await TestHub.StartAsync();
        await using var agent = await hub.AgentAsync();
        using var view = new LiveView(hub, s_address);
        var (samples, watchId) = await BeginAsync(agent);
        using (samples)
        {
            var encoder = new FrameEncoder(includeGaps: false);
            var strings = new StringTable();
            await samples.FrameAsync(watchId, encoder.Key(TestSnapshots.Of(allocations: 10, resident: 4096, strings: strings)), part: 50);
            await view.Until(state => state.Sequence == 1);
            Assert.Equal("victim", view.Current.Snapshot!.Process.Name);
            Assert.Equal(LiveStatus.Live, view.Current.Status);

            var next = TestSnapshots.Of(allocations: 11, resident: 0, at: DateTimeOffset.FromUnixTimeMilliseconds(1_800_000_001_000), strings: strings);
            await samples.FrameAsync(watchId, encoder.Next(next));
            await view.Until(state => state.Sequence == 2);
            Assert.Equal(22 * TestSnapshots.PageBytes, view.Current.Snapshot!.Summary.Total.Committed);

            await samples.CountersAsync(watchId, 1_800_000_002_000, 999);
            await samples.StateAsync(watchId, 4000, 0.02);
            await view.Until(state => state.EffectiveIntervalMs == 4000);
            Assert.Equal(999, view.Current.Counters.WorkingSet);
            Assert.Equal(0.02, view.Current.CpuShare);
            var timeline = view.Current.Timeline;
            Assert.Equal([1_800_000_000_000, 1_800_000_001_000, 1_800_000_002_000], timeline.Select(point => point.Time.ToUnixTimeMilliseconds()));
            Assert.Equal(12 * TestSnapshots.PageBytes, timeline[1].Categories[(int)RegionCategory.Heap].Committed);
            Assert.Empty(timeline[2].Categories);
        }
    }

    [Fact]
    public async Task Samples_GapInSequence_AsksForAKeyFrameAndGoesOn()
    {
        await using var hub = await TestHub.StartAsync();
        await using var agent = await hub.AgentAsync();
        using var view = new LiveView(hub, s_address);
        var (samples, watchId) = await BeginAsync(agent);
        using (samples)
        {
            var encoder = new FrameEncoder(includeGaps: false);
            var strings = new StringTable();
            await samples.FrameAsync(watchId, encoder.Key(TestSnapshots.Of(allocations: 100, strings: strings)));
            _ = encoder.Next(TestSnapshots.Of(allocations: 100, resident: 1 << 12, strings: strings));
            await samples.FrameAsync(watchId, encoder.Next(TestSnapshots.Of(allocations: 101, strings: strings)));
            Assert.True((await samples.FeedbackAsync())?.WantKeyFrame);
            await samples.FrameAsync(watchId, encoder.Key(TestSnapshots.Of(allocations: 102, strings: strings)));
            await view.Until(state => state.Sequence == 2);
            Assert.Equal(204 * TestSnapshots.PageBytes, view.Current.Snapshot!.Summary.Total.Committed);
        }
    }

    [Fact]
    public async Task Samples_MalformedAgainAndAgain_AreRefusedAndThePictureStays()
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var hub = await TestHub.StartAsync(time: time);
        await using var agent = await hub.AgentAsync();
        using var view = new LiveView(hub, s_address);
        var (samples, watchId) = await BeginAsync(agent);
        using (samples)
        {
            await samples.FrameAsync(watchId, new FrameEncoder(includeGaps: false).Key(TestSnapshots.Of()));
            await samples.FrameAsync(watchId, [1, 9, 9]);
            Assert.True((await samples.FeedbackAsync())?.WantKeyFrame);
            await samples.FrameAsync(watchId, [7]);
            Assert.True((await samples.FeedbackAsync())?.WantKeyFrame);
            await samples.FrameAsync(watchId, [7]);
            var refusal = await Assert.ThrowsAsync<Grpc.Core.RpcException>(samples.FeedbackAsync);
            Assert.Equal(Grpc.Core.StatusCode.InvalidArgument, refusal.StatusCode);
        }
        await AdvanceUntilAsync(time, view.Until(state => state.Status == LiveStatus.Failed));
        Assert.Equal(1, view.Current.Sequence);
        // The hub asks again by itself.
        var again = agent.NextAsync(message => message.Watch);
        await AdvanceUntilAsync(time, again);
        Assert.NotEqual(watchId, (await again).WatchId);
    }

    [Theory]
    [InlineData(FailureCode.NotFound, LiveStatus.NotFound)]
    [InlineData(FailureCode.NoAddressSpace, LiveStatus.NoAddressSpace)]
    [InlineData(FailureCode.Gone, LiveStatus.Ended)]
    [InlineData(FailureCode.Replaced, LiveStatus.Ended)]
    [InlineData(FailureCode.Denied, LiveStatus.Denied)]
    [InlineData(FailureCode.Failed, LiveStatus.Failed)]
    public async Task Watch_AgentCannot_SaysWhy(FailureCode code, LiveStatus expected)
    {
        await using var hub = await TestHub.StartAsync();
        await using var agent = await hub.AgentAsync();
        using var view = new LiveView(hub, s_address);
        var watch = await agent.NextAsync(message => message.Watch);
        await agent.SendAsync(new AgentMessage { RequestFailed = new RequestFailed { RequestId = watch.WatchId, Code = code, Message = "The reason." } });
        await view.Until(state => state.Status == expected);
        Assert.Equal("The reason.", view.Current.Message);
    }

    [Theory]
    [InlineData(FailureCode.NotFound)]
    [InlineData(FailureCode.NoAddressSpace)]
    public async Task Watch_OfNothingToWatch_IsNotTriedAgain(FailureCode code)
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var hub = await TestHub.StartAsync(time: time);
        await using var agent = await hub.AgentAsync();
        using var view = new LiveView(hub, s_address);
        var watch = await agent.NextAsync(message => message.Watch);
        await agent.SendAsync(new AgentMessage { RequestFailed = new RequestFailed { RequestId = watch.WatchId, Code = code, Message = "The reason." } });
        await AdvanceUntilAsync(time, view.Until(state => state.Message == "The reason."));
        time.Advance(LiveProcess.RetryDelay + TimeSpan.FromSeconds(1));
        // Had the time brought a second watch, it would have come before this one.
        using var other = hub.Get<ILiveProcesses>().Watch(s_address with { Pid = 43 }, 1000, () => { });
        Assert.Equal(43, (await agent.NextAsync(message => message.Watch)).Process.Pid);
    }

    [Fact]
    public async Task Samples_ProcessEnds_LastPictureStays()
    {
        await using var hub = await TestHub.StartAsync();
        await using var agent = await hub.AgentAsync();
        using var view = new LiveView(hub, s_address);
        var (samples, watchId) = await BeginAsync(agent);
        using (samples)
        {
            await samples.FrameAsync(watchId, new FrameEncoder(includeGaps: false).Key(TestSnapshots.Of()));
            await samples.EndAsync(watchId, FailureCode.Gone, "It has ended.");
            await view.Until(state => state.Status == LiveStatus.Ended);
            Assert.NotNull(view.Current.Snapshot);
        }
    }

    [Fact]
    public async Task Watch_AgentLeavesAndComesBack_KeepsThePictureAndResumes()
    {
        await using var hub = await TestHub.StartAsync();
        var agent = await hub.AgentAsync();
        using var view = new LiveView(hub, s_address);
        var (samples, watchId) = await BeginAsync(agent);
        await samples.FrameAsync(watchId, new FrameEncoder(includeGaps: false).Key(TestSnapshots.Of()));
        await view.Until(state => state.Sequence == 1);
        samples.Dispose();
        await agent.DisposeAsync();
        await view.Until(state => state.Status == LiveStatus.HostOffline);
        Assert.NotNull(view.Current.Snapshot);

        await using var back = await hub.AgentAsync();
        var (resumed, newId) = await BeginAsync(back);
        using (resumed)
        {
            Assert.NotEqual(watchId, newId);
            await resumed.FrameAsync(newId, new FrameEncoder(includeGaps: false).Key(TestSnapshots.Of(allocations: 3)));
            await view.Until(state => state is { Status: LiveStatus.Live, Sequence: 2 });
        }
    }

    [Fact]
    public async Task Watch_UnknownHost_SaysSo()
    {
        await using var hub = await TestHub.StartAsync();
        using var lease = hub.Get<ILiveProcesses>().Watch(new LiveProcessAddress("nowhere", 1, 0), 1000, () => { });
        Assert.Equal(LiveStatus.Failed, lease.Current.Status);
        Assert.Contains("nowhere", lease.Current.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task StreamSamples_UnknownWatch_IsNotFound()
    {
        await using var hub = await TestHub.StartAsync();
        await using var agent = await hub.AgentAsync();
        using var samples = agent.StreamSamples();
        await samples.CountersAsync("made-up", 0, 0);
        Assert.Equal(Grpc.Core.StatusCode.NotFound, (await Assert.ThrowsAsync<Grpc.Core.RpcException>(samples.FeedbackAsync)).StatusCode);
    }

    [Fact]
    public async Task Timeline_Full_LosesItsOldestMoment()
    {
        await using var hub = await TestHub.StartAsync();
        await using var agent = await hub.AgentAsync();
        using var view = new LiveView(hub, s_address);
        var (samples, watchId) = await BeginAsync(agent);
        using (samples)
        {
            for (var i = 0; i <= 600; i++)
            {
                await samples.CountersAsync(watchId, 1_800_000_000_000 + i * 1000, i);
            }
            await view.Until(state => state.Counters.WorkingSet == 600);
            Assert.Equal(600, view.Current.Timeline.Length);
            Assert.Equal(1, view.Current.Timeline[0].Counters.WorkingSet);
        }
    }

    private static async Task<(string WatchId, uint IntervalMs)> IntervalAsync(ScriptedAgent agent)
    {
        var change = await agent.NextAsync(message => message.SetWatchInterval);
        return (change.WatchId, change.IntervalMs);
    }

    private static async Task<(ScriptedSamples Samples, string WatchId)> BeginAsync(ScriptedAgent agent)
    {
        var watch = await agent.NextAsync(message => message.Watch);
        var samples = agent.StreamSamples();
        // The hub asks whose the samples are once the stream has begun.
        await samples.StateAsync(watch.WatchId, 1000, 0);
        await agent.AnswerListAsync(TestSnapshots.Process());
        return (samples, watch.WatchId);
    }

    private static async Task AdvanceUntilAsync(FakeTimeProvider time, Task done)
    {
        while (!done.IsCompleted)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.WhenAny(done, Task.Delay(20, TestContext.Current.CancellationToken));
        }
        await done;
    }
}
