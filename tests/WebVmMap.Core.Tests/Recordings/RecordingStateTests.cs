using CsCheck;
using WebVmMap.Core.Recordings;

namespace WebVmMap.Core.Tests.Recordings;

public sealed class RecordingStateTests
{
    [Fact]
    public void SpanTotals_AnySpan_AreWhatCountingTheBlocksGives() => Gen.Int[0, int.MaxValue].Sample(seed =>
    {
        var program = new RecordedProgram(seed);
        var state = program.State(program.Intervals.Count);
        // Before the first interval nothing is known, not even what was there.
        for (var to = 1; to <= state.Intervals; to++)
        {
            for (var from = 0; from <= to; from++)
            {
                var span = program.Span(state, from, to);
                for (var site = 0; site < span.Sites.Length; site++)
                {
                    var number = site;
                    Assert.Equal(program.Count(from, to, block => block.Site == number), span.Sites[site]);
                }
            }
        }
    });

    [Fact]
    public void Whole_AtAnyInterval_IsTheSpanFromTheBeginning() => Gen.Int[0, int.MaxValue].Sample(seed =>
    {
        var program = new RecordedProgram(seed);
        for (var intervals = 0; intervals <= program.Intervals.Count; intervals++)
        {
            var state = program.State(intervals);
            Assert.Equal(program.Span(state, 0, intervals).Sites.ToArray(), SpanTotals.Whole(state).Sites.ToArray());
        }
    });

    [Fact]
    public void Timeline_EachInterval_SaysWhatHappenedInItAndWhatLivedAtItsEnd() => Gen.Int[0, int.MaxValue].Sample(seed =>
    {
        var program = new RecordedProgram(seed);
        var state = program.State(program.Intervals.Count);
        for (var i = 0; i < state.Intervals; i++)
        {
            var moment = state.Timeline[i];
            var within = program.Count(i, i + 1, block => state.Sites[block.Site].Kind == AllocationKind.Heap);
            var until = program.Count(0, i + 1, block => state.Sites[block.Site].Kind == AllocationKind.Heap);
            var mapped = program.Count(0, i + 1, block => state.Sites[block.Site].Kind == AllocationKind.Virtual);
            var mapping = program.Count(i, i + 1, block => state.Sites[block.Site].Kind == AllocationKind.Virtual);
            Assert.Equal(
                new RecordingMoment(
                    RecordedProgram.StartedAt.AddMilliseconds(250 * (i + 1)), until.LiveBytes, until.LiveBlocks, within.AllocatedBytes,
                    within.Allocations, within.FreedBytes, within.Frees,
                    mapped.LiveBytes, mapping.AllocatedBytes, mapping.FreedBytes),
                moment);
        }
    });

    [Fact]
    public void Timeline_OfEachKind_AllocatedLessFreedIsLive() => Gen.Int[0, int.MaxValue].Sample(seed =>
    {
        var program = new RecordedProgram(seed);
        var state = program.State(program.Intervals.Count);
        // What was there before is live, was not allocated in it, and may be freed in it.
        var before = program.Blocks.Where(block => block.Born < 0).Sum(block => block.Size);
        var (heap, mapped) = (before, 0L);
        foreach (var moment in state.Timeline)
        {
            heap += moment.AllocatedBytes - moment.FreedBytes;
            mapped += moment.VirtualAllocatedBytes - moment.VirtualFreedBytes;
            Assert.Equal((heap, mapped), (moment.LiveBytes, moment.LiveVirtualBytes));
        }
        Assert.Equal((state.Total.LiveBytes, state.Virtual.LiveBytes), (heap, mapped));
        Assert.Equal(state.Virtual.AllocatedBytes, state.Timeline.Sum(moment => moment.VirtualAllocatedBytes));
        Assert.Equal(state.Virtual.FreedBytes, state.Timeline.Sum(moment => moment.VirtualFreedBytes));
    });

    [Fact]
    public void Apply_BlocksFromBeforeThatNobodyCounted_NeverMakesAFigureNegative()
    {
        var state = new RecordingState();
        state.Apply(Interval(0) with { Sites = [new AllocationSite(-1, AllocationKind.Heap, BeforeRecording: true)], Freed = [new SiteFreed(0, -1, 3, 300)] });
        Assert.Equal(new AllocationFigures(0, 0, 0, 0, 300, 3), state.FiguresOf(0));
        Assert.Equal(0, state.Timeline[0].LiveBytes);
        var span = new SpanTotals(state, 0, 1);
        span.Add(Interval(0) with { Freed = [new SiteFreed(0, -1, 3, 300)] });
        Assert.Equal(state.FiguresOf(0), span.Complete().Sites[0]);
    }

    [Fact]
    public void Apply_WhatDoesNotFit_IsRefusedAndChangesNothing()
    {
        var state = new RecordingState();
        state.Apply(Interval(0) with { Sites = [new AllocationSite(-1, AllocationKind.Heap)], Allocated = [new SiteAllocated(0, 1, 10)] });
        RecordingInterval[] wrong =
        [
            Interval(0),
            Interval(2),
            Interval(1) with { EndedAt = DateTimeOffset.UnixEpoch.AddSeconds(-1) },
            Interval(1) with { Frames = [new RecordedFrame(0, 1)] },
            Interval(1) with { Nodes = [new RecordedNode(-1, 0)] },
            Interval(1) with { Frames = [new RecordedFrame(-1, 1)], Nodes = [new RecordedNode(0, 0)] },
            Interval(1) with { Sites = [new AllocationSite(0, AllocationKind.Heap)] },
            Interval(1) with { Symbols = [new FrameSymbols(0, [default])] },
            Interval(1) with { Allocated = [new SiteAllocated(1, 1, 1)] },
            Interval(1) with { Allocated = [new SiteAllocated(0, -1, 1)] },
            Interval(1) with { Allocated = [new SiteAllocated(0, 1, long.MaxValue)] },
            Interval(1) with { Freed = [new SiteFreed(0, 2, 1, 1)] },
            Interval(1) with { Freed = [new SiteFreed(0, -1, 1, 1)] },
            Interval(1) with { Freed = [new SiteFreed(0, 0, 2, 10)] },
            Interval(1) with { Freed = [new SiteFreed(0, 0, 1, 11)] },
        ];
        Assert.All(wrong, interval => Assert.Throws<InvalidDataException>(() => state.Apply(interval)));
        Assert.Equal((1, 0, 0, 1), (state.Intervals, state.Frames.Count, state.Nodes.Count, state.Sites.Count));
        state.Apply(Interval(1) with { Freed = [new SiteFreed(0, 0, 1, 10)] });
        Assert.Equal(new AllocationFigures(0, 0, 10, 1, 10, 1), state.Total);
    }

    [Fact]
    public void Apply_BlocksOfTheSystem_AreNeverSummedWithTheAllocators()
    {
        var state = new RecordingState();
        state.Apply(Interval(0) with
        {
            Sites = [new AllocationSite(-1, AllocationKind.Heap), new AllocationSite(-1, AllocationKind.Virtual)],
            Allocated = [new SiteAllocated(0, 1, 100), new SiteAllocated(1, 1, 1 << 20)],
            Freed = [new SiteFreed(1, 0, 0, 4096)],
        });
        Assert.Equal(new AllocationFigures(100, 1, 100, 1, 0, 0), state.Total);
        Assert.Equal(new AllocationFigures((1 << 20) - 4096, 1, 1 << 20, 1, 4096, 0), state.Virtual);
        Assert.Equal(new RecordingMoment(DateTimeOffset.UnixEpoch, 100, 1, 100, 1, 0, 0, (1 << 20) - 4096, 1 << 20, 4096), state.Timeline[0]);
    }

    private static RecordingInterval Interval(int index) =>
        new() { Index = index, EndedAt = DateTimeOffset.UnixEpoch.AddSeconds(index), Health = new RecordingHealth() };
}
