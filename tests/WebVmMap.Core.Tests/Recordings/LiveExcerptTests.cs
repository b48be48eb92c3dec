using WebVmMap.Core.Recordings;

namespace WebVmMap.Core.Tests.Recordings;

public sealed class LiveExcerptTests
{
    private static readonly DateTimeOffset s_start = DateTimeOffset.FromUnixTimeMilliseconds(1_800_000_000_000);

    [Fact]
    public void Of_ARecordingInFlight_HasAllThatIsLiveByStackAndItsBlocks()
    {
        var state = Recorded(out var kept);
        var excerpt = LiveExcerpt.Of(state, SpanTotals.Whole(state), kept, s_start.AddSeconds(9));
        var again = new RecordingState();
        foreach (var interval in excerpt.Intervals)
        {
            // As it is stored.
            again.Apply(RecordingCodec.Decode(RecordingCodec.Encode(interval)));
        }
        // gone freed all that it had: nothing of it is in it. Of kept one block is not listed, and counts all the same.
        Assert.Equal(["main > kept 3 blocks 300", "main > late 1 blocks 7"], Live(again));
        Assert.Equal((307L, 4L, 0L), (again.Total.LiveBytes, again.Total.LiveBlocks, again.Total.FreedBytes));
        Assert.DoesNotContain(again.Modules, module => module.Path == "/lib/gone.so");
        Assert.Equal(s_start.AddSeconds(9), again.Ends[^1]);
        Assert.Equal(
            [(0x1000UL, "kept", s_start.AddSeconds(1)), (0x2000UL, "late", s_start.AddSeconds(3)), (0x3000UL, "kept", default)],
            excerpt.Blocks.Blocks.Select(block => (
                block.Address, SiteCalls.Innermost(again, block.Site).Function, block.Born < 0 ? default : again.Ends[block.Born])));
        // One was of a stack that nobody told.
        Assert.Equal((1L, 50L), (excerpt.Blocks.LeftOutBlocks, excerpt.Blocks.LeftOutBytes));
    }

    [Fact]
    public void Of_BlocksOfVeryManyTimes_TellsTheTimesOfNeighboursTogether()
    {
        var state = new RecordingState();
        for (var i = 0; i < 3000; i++)
        {
            state.Apply(new RecordingInterval
            {
                Index = i,
                EndedAt = s_start.AddSeconds(i),
                Sites = i == 0 ? [new AllocationSite(-1, AllocationKind.Heap)] : [],
                Allocated = [new SiteAllocated(0, 1, 10)],
                Health = new RecordingHealth(),
            });
        }
        var excerpt = LiveExcerpt.Of(state, SpanTotals.Whole(state), new KeptBlocks { Blocks = [.. Enumerable.Range(0, 3000).Select(i => new LiveBlock((ulong)i * 16, 10, 0, i, 1))] }, s_start.AddHours(1));
        Assert.InRange(excerpt.Intervals.Length, 2, LiveExcerpt.MaxTimes + 1);
        Assert.All(excerpt.Blocks.Blocks, block => Assert.InRange((excerpt.Intervals[block.Born].EndedAt - s_start.AddSeconds(block.Address / 16)).TotalSeconds, 0, 2));
        Assert.Equal(3000, Assert.Single(excerpt.Intervals[0].Allocated).Blocks);
    }

    [Fact]
    public void Of_NothingLive_IsOneEmptyInterval()
    {
        var state = new RecordingState();
        state.Apply(new RecordingInterval { Index = 0, EndedAt = s_start, Health = new RecordingHealth() });
        var excerpt = LiveExcerpt.Of(state, SpanTotals.Whole(state), KeptBlocks.None, s_start);
        Assert.Empty(Assert.Single(excerpt.Intervals).Allocated);
        Assert.Empty(excerpt.Blocks.Blocks);
    }

    private static List<string> Live(RecordingState state) =>
    [
        .. Enumerable.Range(0, state.Sites.Count).Where(site => state.FiguresOf(site).LiveBlocks > 0).Select(site =>
            $"{string.Join(" > ", SiteCalls.Of(state, site).Reverse().Select(place => place.Function))} {state.FiguresOf(site).LiveBlocks} blocks {state.FiguresOf(site).LiveBytes}").Order(StringComparer.Ordinal),
    ];

    private static RecordingState Recorded(out KeptBlocks kept)
    {
        var state = new RecordingState();
        state.Apply(new RecordingInterval
        {
            Index = 0,
            EndedAt = s_start.AddSeconds(1),
            Modules = [new("/lib/gone.so", "", ""), new("/bin/shop", "ab", "found")],
            Frames = [new(0, 0x10), new(1, 0x20), new(1, 0x30)],
            Nodes = [new(-1, 1), new(0, 0), new(0, 2)],
            Sites = [new(1, AllocationKind.Heap), new(2, AllocationKind.Heap)],
            Symbols = [new(0, [new CodeLine("gone", "", 0)]), new(1, [new CodeLine("main", "shop.c", 1)]), new(2, [new CodeLine("kept", "shop.c", 2)])],
            Allocated = [new(0, 5, 500), new(1, 3, 300)],
            Health = new RecordingHealth { Events = 8 },
        });
        state.Apply(new RecordingInterval { Index = 1, EndedAt = s_start.AddSeconds(2), Freed = [new(0, 0, 5, 500)], Health = new RecordingHealth { Events = 13 } });
        state.Apply(new RecordingInterval
        {
            Index = 2,
            EndedAt = s_start.AddSeconds(3),
            Frames = [new(1, 0x40)],
            Nodes = [new(0, 3)],
            Sites = [new(3, AllocationKind.Heap)],
            Symbols = [new(3, [new CodeLine("late", "shop.c", 3)])],
            Allocated = [new(2, 1, 7)],
            Health = new RecordingHealth { Events = 14 },
        });
        // The last is of an interval that has not ended, one of a site that comes with it.
        kept = new KeptBlocks { Blocks = [new(0x1000, 100, 1, 0, 9), new(0x2000, 7, 2, 2, 9), new(0x3000, 100, 1, 3, 9), new(0x4000, 50, 3, 3, 9)] };
        return state;
    }
}
