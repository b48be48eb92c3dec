using WebVmMap.Core.Regions;
using WebVmMap.Core.Snapshots;
using WebVmMap.Probes;

namespace WebVmMap.Agent.Tests.Sampling;

public sealed class WatchSamplerTests
{
    private const byte KeyFrame = 1;
    private const byte DeltaFrame = 2;

    private static readonly TimeSpan s_second = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task RunAsync_FirstSample_IsKeyFrameOfWholeProcess()
    {
        await using var watch = new SamplerFixture(1, prepare: process => process.MapMany(50));

        var (snapshot, cost, frame) = await watch.NextFrameAsync();

        Assert.Equal(KeyFrame, frame[1]);
        Assert.Equal(51, Used(snapshot));
        Assert.Equal("fake", cost.Process.Name);
        Assert.Equal(s_second, cost.EffectiveInterval);
    }

    [Fact]
    public async Task RunAsync_OneRegionOfManyChanges_SendsOnlyThat()
    {
        await using var watch = new SamplerFixture(1, prepare: process => process.MapMany(5000));
        var first = await watch.NextFrameAsync();
        watch.Process.Map(0x20000, 8192, "new");
        watch.Process.Unmap(0x10000);

        await watch.Time.PassAsync(s_second);
        var second = await watch.NextFrameAsync();

        Assert.Equal(DeltaFrame, second.Frame[1]);
        Assert.InRange(second.Frame.Length, 1, 120);
        Assert.True(first.Frame.Length > 10_000);
        Assert.Equal(-1, Row(second.Snapshot, 0x10000));
        Assert.Equal("new", second.Snapshot.Regions.DetailText(Row(second.Snapshot, 0x20000)));
    }

    [Fact]
    public async Task RunAsync_CheapPasses_OneEachIntervalAndNoCounters()
    {
        await using var watch = new SamplerFixture(2);
        await watch.NextFrameAsync();

        for (var i = 0; i < 5; i++)
        {
            await watch.Time.PassAsync(2 * s_second);
            await watch.NextFrameAsync();
        }

        Assert.Equal(6, watch.Process.Passes);
        Assert.Equal(0, watch.Process.CounterReads);
    }

    [Fact]
    public async Task RunAsync_PassTakes50MsOfCpu_PassesAre2500MsApartWithCountersBetween()
    {
        await using var watch = new SamplerFixture(1, new SnapshotCost(60, 50));
        var first = await watch.NextFrameAsync();
        Assert.Equal(TimeSpan.FromSeconds(2.5), first.Cost.EffectiveInterval);
        Assert.Equal(0.02, first.Cost.CpuShare, 6);

        await watch.Time.PassAsync(s_second);
        Assert.NotNull((await watch.Sink.NextAsync()).Counters);
        await watch.Time.PassAsync(s_second);
        Assert.NotNull((await watch.Sink.NextAsync()).Counters);
        await watch.Time.PassAsync(TimeSpan.FromMilliseconds(500));
        await watch.NextFrameAsync();

        Assert.Equal((2, 2), (watch.Process.Passes, watch.Process.CounterReads));
    }

    [Fact]
    public async Task RunAsync_PassIsLongButCheap_StretchesToo()
    {
        await using var watch = new SamplerFixture(1, new SnapshotCost(ElapsedMs: 400, AgentCpuMs: 1));

        var (_, cost, _) = await watch.NextFrameAsync();

        Assert.Equal(TimeSpan.FromSeconds(4), cost.EffectiveInterval);
    }

    [Fact]
    public async Task RunAsync_PassesBecomeCheapAgain_IntervalShrinksBack()
    {
        await using var watch = new SamplerFixture(5, new SnapshotCost(500, 200));
        Assert.Equal(10 * s_second, (await watch.NextFrameAsync()).Cost.EffectiveInterval);
        watch.Process.Cost = new SnapshotCost(5, 2);

        await watch.Time.PassAsync(5 * s_second);
        Assert.NotNull((await watch.Sink.NextAsync()).Counters);
        await watch.Time.PassAsync(5 * s_second);

        Assert.Equal(5 * s_second, (await watch.NextFrameAsync()).Cost.EffectiveInterval);
    }

    [Fact]
    public async Task RunAsync_SinkIsSlow_SkipsTicksCountsThemAndDoesNotLook()
    {
        await using var watch = new SamplerFixture(1);
        await watch.NextFrameAsync();
        watch.Sink.BeSlow();
        await watch.Time.PassAsync(s_second);
        await watch.NextFrameAsync();

        for (var i = 0; i < 20; i++)
        {
            await watch.Time.PassAsync(s_second);
        }
        // The wait after the last tick has begun, so that tick has been dealt with.
        Assert.Equal(s_second, await watch.Time.NextWaitAsync());

        Assert.Equal((2, 0), (watch.Process.Passes, watch.Process.CounterReads));
        Assert.Equal(20, watch.Drops.Total);
        watch.Process.Map(0x20000, 4096);
        watch.Sink.Resume();
        var next = await watch.NextFrameAsync();
        Assert.True(Row(next.Snapshot, 0x20000) >= 0);
        Assert.Equal(20, watch.Drops.Total);
    }

    [Fact]
    public async Task RunAsync_SinkBreaks_ThrowsWhatItThrew()
    {
        await using var watch = new SamplerFixture(1);
        await watch.NextFrameAsync();
        watch.Sink.BeSlow();
        await watch.Time.PassAsync(s_second);
        await watch.NextFrameAsync();

        watch.Sink.Break(new IOException("the line is dead"));
        await watch.Time.PassAsync(s_second);

        Assert.Equal("the line is dead", (await Assert.ThrowsAsync<IOException>(() => watch.Running)).Message);
    }

    [Fact]
    public async Task AskForKeyFrame_AfterFirst_SendsNewestPictureWithoutAnotherPass()
    {
        await using var watch = new SamplerFixture(10);
        await watch.NextFrameAsync();

        watch.Request.AskForKeyFrame();
        var (snapshot, _, frame) = await watch.NextFrameAsync();

        Assert.Equal(KeyFrame, frame[1]);
        Assert.Equal(1, Used(snapshot));
        Assert.Equal(1, watch.Process.Passes);
        // Answered once: the next is a delta again.
        await watch.Time.PassAsync(10 * s_second);
        Assert.Equal(DeltaFrame, (await watch.NextFrameAsync()).Frame[1]);
    }

    [Fact]
    public async Task SetInterval_Zero_TakesOneSampleForEachWish()
    {
        await using var watch = new SamplerFixture(0);
        await watch.NextFrameAsync();

        watch.Request.SetInterval(TimeSpan.Zero);
        await watch.NextFrameAsync();
        watch.Request.SetInterval(TimeSpan.Zero);
        var third = await watch.NextFrameAsync();

        Assert.Equal(TimeSpan.Zero, third.Cost.EffectiveInterval);
        Assert.Equal((3, 0), (watch.Process.Passes, watch.Process.CounterReads));
    }

    [Fact]
    public async Task SetInterval_ByHandWhilePassesAreLong_RestsBetweenThem()
    {
        await using var watch = new SamplerFixture(0, new SnapshotCost(ElapsedMs: 300, AgentCpuMs: 100));
        await watch.NextFrameAsync();

        watch.Request.SetInterval(TimeSpan.Zero);
        await watch.Time.PassAsync(3 * s_second);
        await watch.NextFrameAsync();

        Assert.Equal(2, watch.Process.Passes);
    }

    [Fact]
    public async Task SetInterval_Shorter_CountsFromTheLastPass()
    {
        await using var watch = new SamplerFixture(60);
        await watch.NextFrameAsync();
        Assert.Equal(60 * s_second, await watch.Time.NextWaitAsync());
        watch.Time.Advance(2 * s_second);

        watch.Request.SetInterval(5 * s_second);
        await watch.Time.PassAsync(3 * s_second);
        await watch.NextFrameAsync();

        Assert.Equal(2, watch.Process.Passes);
    }

    [Fact]
    public async Task SetInterval_ShorterThanSinceTheLastPass_SamplesAtOnce()
    {
        await using var watch = new SamplerFixture(60);
        await watch.NextFrameAsync();
        Assert.Equal(60 * s_second, await watch.Time.NextWaitAsync());
        watch.Time.Advance(30 * s_second);

        watch.Request.SetInterval(s_second);

        await watch.NextFrameAsync();
    }

    [Theory]
    [InlineData(ProbeOutcome.Gone)]
    [InlineData(ProbeOutcome.Replaced)]
    [InlineData(ProbeOutcome.Denied)]
    public async Task RunAsync_ProcessCannotBeReadAnyMore_TellsWhyAndReturns(ProbeOutcome outcome)
    {
        await using var watch = new SamplerFixture(1);
        await watch.NextFrameAsync();
        watch.Process.Failure = new ProbeFailure(outcome, "It is so.");

        await watch.Time.PassAsync(s_second);

        Assert.Equal(new ProbeFailure(outcome, "It is so."), (await watch.Sink.NextAsync()).Ended);
        await watch.Running;
    }

    [Fact]
    public async Task RunAsync_ProcessEndsAtACounterTick_TellsWhyAndReturns()
    {
        await using var watch = new SamplerFixture(1, new SnapshotCost(0, 60));
        await watch.NextFrameAsync();
        watch.Process.Failure = new ProbeFailure(ProbeOutcome.Gone, "It has ended.");

        await watch.Time.PassAsync(s_second);

        Assert.NotNull((await watch.Sink.NextAsync()).Ended);
        await watch.Running;
        Assert.Equal((1, 1), (watch.Process.Passes, watch.Process.CounterReads));
    }

    [Fact]
    public async Task RunAsync_ProbeThrows_LogsItAndEndsTheWatchAsFailed()
    {
        await using var watch = new SamplerFixture(1);
        await watch.NextFrameAsync();
        watch.Process.Exception = new InvalidOperationException("a bug in the probe");

        await watch.Time.PassAsync(s_second);

        var ended = (await watch.Sink.NextAsync()).Ended;
        Assert.Equal(ProbeOutcome.Failed, ended?.Outcome);
        Assert.Contains("a bug in the probe", ended?.Message, StringComparison.Ordinal);
        await watch.Running;
        Assert.Contains("a bug in the probe", Assert.Single(watch.Log.Errors), StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_CancelledDuringAPass_EndsAsCancelled()
    {
        using var inPass = new SemaphoreSlim(0);
        using var goOn = new ManualResetEventSlim();
        await using var watch = new SamplerFixture(1, prepare: process => process.OnPass = () =>
        {
            inPass.Release();
            goOn.Wait(TestContext.Current.CancellationToken);
        });
        await inPass.WaitAsync(TestContext.Current.CancellationToken);

        await watch.StopAsync();
        goOn.Set();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => watch.Running);
        Assert.Equal(0, watch.Sink.Count);
        Assert.Empty(watch.Log.Errors);
    }

    [Fact]
    public async Task RunAsync_CancelledWhileSinkIsSlow_EndsWhenTheSampleIsSent()
    {
        await using var watch = new SamplerFixture(1);
        await watch.NextFrameAsync();
        watch.Sink.BeSlow();
        await watch.Time.PassAsync(s_second);
        await watch.NextFrameAsync();

        await watch.StopAsync();
        Assert.False(watch.Running.IsCompleted);
        watch.Sink.Resume();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => watch.Running);
    }

    [Fact]
    public async Task RunAsync_BrokenOffWhileSinkIsSlow_EndsAtOnce()
    {
        await using var watch = new SamplerFixture(1);
        await watch.NextFrameAsync();
        watch.Sink.BeSlow();
        await watch.Time.PassAsync(s_second);
        await watch.NextFrameAsync();

        await watch.StopAsync();
        await watch.BreakOffAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => watch.Running);
    }

    private static int Used(Snapshot snapshot) => snapshot.Regions.Categories.ToArray().Count(category => !category.IsGap());

    private static int Row(Snapshot snapshot, ulong address) =>
        snapshot.Regions.Find(address) is var row && row >= 0 && !snapshot.Regions.Categories[row].IsGap() ? row : -1;
}
