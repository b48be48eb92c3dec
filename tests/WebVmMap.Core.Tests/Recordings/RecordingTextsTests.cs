using WebVmMap.Core.Recordings;

namespace WebVmMap.Core.Tests.Recordings;

public sealed class RecordingTextsTests
{
    [Fact]
    public void WithTexts_OfARecording_TellsOtherTextsAndTheSameFigures()
    {
        var state = new RecordingState();
        state.Apply(new RecordingInterval
        {
            Index = 0,
            EndedAt = DateTimeOffset.UnixEpoch,
            Modules = [new("/home/bo/shop", "ab", "found in /home/bo/shop")],
            Frames = [new(0, 0x10)],
            Nodes = [new(-1, 0)],
            Sites = [new(0, AllocationKind.Heap)],
            Symbols = [new(0, [new CodeLine("main", "/home/bo/shop.c", 9)])],
            Allocated = [new(0, 2, 64)],
            Health = new RecordingHealth { Events = 2 },
        });
        var other = state.WithTexts(text => text.Replace("/home/bo/", "…/", StringComparison.Ordinal));
        Assert.Equal(new RecordedModule("…/shop", "ab", "found in …/shop"), Assert.Single(other.Modules));
        Assert.Equal(new CodeLine("main", "…/shop.c", 9), Assert.Single(other.Lines(0)));
        Assert.Equal((state.Total, state.Intervals, state.Health, state.Ends[0]), (other.Total, other.Intervals, other.Health, other.Ends[0]));
        var tree = CallTree.Of(other, SpanTotals.Whole(other), new CallTreeOptions());
        Assert.Equal(new CodePlace("main", "…/shop", "…/shop.c", 9), tree.Nodes[1].Place);
        Assert.Equal("/home/bo/shop", state.Modules[0].Path);
        Assert.Throws<InvalidOperationException>(() => other.Apply(new RecordingInterval { Index = 1, EndedAt = DateTimeOffset.UnixEpoch, Health = new RecordingHealth() }));
    }
}
