using WebVmMap.Core.Recordings;
using WebVmMap.Hub.Recordings;
using WebVmMap.Hub.Tests.Hosting;
using Xunit;

namespace WebVmMap.Hub.Tests.Recordings;

/// <summary>What a read that takes long keeps waiting: nothing. Each holds one until the rest is done, so the order is certain.</summary>
public sealed class LongReadTests
{
    // Only what would wait for ever is ended by it.
    private static readonly TimeSpan s_never = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Get_WhileAnotherRecordingIsLocked_DoesNotWait()
    {
        await using var hub = await TestHub.StartAsync();
        var loaded = new LoadedRecordings(hub.Get<RecordingStore>());
        var locked = await loaded.GetAsync("locked", 0, RecordingFixture.Stop);
        using var held = new HeldRead();
        var reading = Task.Run(() => locked.Read(_ => held.Hold()), RecordingFixture.Stop);
        await held.Begun;
        // Both of them look through what may be forgotten, of which the locked one is.
        await loaded.GetAsync("other", 0, RecordingFixture.Stop).WaitAsync(s_never, RecordingFixture.Stop);
        Assert.Same(locked, await loaded.GetAsync("locked", 0, RecordingFixture.Stop).WaitAsync(s_never, RecordingFixture.Stop));
        Assert.False(reading.IsCompleted);
        held.End();
        await reading;
    }

    [Fact]
    public async Task Get_WithoutRoomForMore_ForgetsThoseThatWereLookedAtLongestAgo()
    {
        await using var hub = await TestHub.StartAsync();
        var loaded = new LoadedRecordings(hub.Get<RecordingStore>(), maximumBytes: 1);
        var first = await loaded.GetAsync("first", 0, RecordingFixture.Stop);
        Assert.Equal(0, first.Footprint);
        await loaded.GetAsync("second", 0, RecordingFixture.Stop);
        Assert.Equal(2, loaded.Count);
        first.Apply(RecordedScript.Interval(0));
        Assert.Equal(first.Read(state => state.Footprint), first.Footprint);
        await loaded.GetAsync("second", 0, RecordingFixture.Stop);
        Assert.Null(loaded.Find("first"));
        // Those that intervals come for stay.
        var third = await loaded.GetAsync("third", 0, RecordingFixture.Stop);
        third.FeedBegins();
        third.Apply(RecordedScript.Interval(0));
        await loaded.GetAsync("second", 0, RecordingFixture.Stop);
        Assert.Same(third, loaded.Find("third"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Read_ThatTakesLong_KeepsNeitherIntervalsNorReadsWaitingAndSeesNoneOfThem(bool ofSpan)
    {
        await using var hub = await TestHub.StartAsync();
        await using var agent = await RecordingFixture.AgentAsync(hub);
        var id = await RecordingFixture.StartAsync(hub.Api, agent);
        using var stream = agent.StreamRecording();
        await stream.OpenAsync(id);
        await stream.SendAsync(RecordedScript.Interval(0));
        await RecordingFixture.WhenAsync(hub, id, recording => recording.Intervals == 1);

        var recordings = hub.Get<IRecordings>();
        using var held = new HeldRead();
        var reading = Task.Run(() => ofSpan
            ? recordings.ReadSpanAsync(id, state => (0, state.Intervals), (state, span) => held.Hold() ? (state.Intervals, LiveBytes(state, span)) : default, RecordingFixture.Stop)
            : recordings.ReadAsync(id, state => held.Hold() ? (state.Intervals, state.Total.LiveBytes) : default, RecordingFixture.Stop), RecordingFixture.Stop);
        await held.Begun;

        await stream.SendAsync(RecordedScript.Interval(1));
        await RecordingFixture.WhenAsync(hub, id, recording => recording.Intervals == 2).WaitAsync(s_never, RecordingFixture.Stop);
        var another = await recordings.ReadSpanAsync(id, state => (0, state.Intervals), (state, span) => (state.Intervals, LiveBytes(state, span)), RecordingFixture.Stop)
            .WaitAsync(s_never, RecordingFixture.Stop);
        Assert.Equal((2, 220), another);
        Assert.False(reading.IsCompleted);
        held.End();
        Assert.Equal((1, 120), await reading);
    }

    private static long LiveBytes(RecordingState state, SpanTotals span) => CallTree.Of(state, span, new CallTreeOptions()).Root.Total.LiveBytes;

    private sealed class HeldRead : IDisposable
    {
        private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly ManualResetEventSlim _end = new();

        public Task Begun => _begun.Task;

        public bool Hold()
        {
            _begun.TrySetResult();
            _end.Wait(RecordingFixture.Stop);
            return true;
        }

        public void End() => _end.Set();

        // A test that failed lets its read go too.
        public void Dispose() => _end.Set();
    }
}
