using CsCheck;
using WebVmMap.Core.Recordings;

namespace WebVmMap.Core.Tests.Recordings;

public sealed class RecordingKeyFrameTests
{
    [Fact]
    public void Between_AnySpanThatBeginsWhereBirthsAreToldApart_IsWhatCountingTheBlocksGives() => Gen.Select(Gen.Int[0, int.MaxValue], Gen.Int[1, 60]).Sample((seed, births) =>
    {
        var program = new RecordedProgram(seed);
        var ledgers = new List<SiteLedger>();
        for (var intervals = 0; intervals <= program.Intervals.Count; intervals++)
        {
            ledgers.Add(Ledger(program, intervals, births));
        }
        for (var to = 1; to <= program.Intervals.Count; to++)
        {
            var state = program.State(to);
            for (var from = 0; from <= to; from++)
            {
                if (ledgers[to].Exact(from) != from)
                {
                    Assert.Throws<ArgumentException>(() => SpanTotals.Between(state, ledgers[from], ledgers[to]));
                    continue;
                }
                var span = SpanTotals.Between(state, ledgers[from], ledgers[to]);
                Assert.Equal((from, to, state.Sites.Count), (span.From, span.To, span.Sites.Length));
                for (var site = 0; site < span.Sites.Length; site++)
                {
                    var number = site;
                    Assert.Equal(program.Count(from, to, block => block.Site == number), span.Sites[site]);
                }
            }
        }
    });

    [Fact]
    public void KeyFrames_ReadAgainWithWhatCameSince_AreTheRecording() => Gen.Int[0, int.MaxValue].Sample(seed =>
    {
        var program = new RecordedProgram(seed);
        var random = new Random(seed);
        var recorded = new RecordingState();
        var frames = new List<RecordingKeyFrame>();
        foreach (var interval in program.Intervals)
        {
            recorded.Apply(interval);
            if (random.Next(3) == 0)
            {
                var frame = RecordingKeyFrame.Of(recorded);
                frame.Stored(recorded);
                frames.Add(frame);
            }
        }
        var read = new RecordingState();
        foreach (var frame in frames)
        {
            RecordingKeyFrame.ApplyAdditions(read, frame.Additions.Span);
        }
        if (frames.Count > 0)
        {
            RecordingKeyFrame.ApplyLedger(read, RecordingKeyFrame.DecodeLedger(frames[^1].Ledger.Span));
        }
        Assert.Equal(frames.LastOrDefault()?.Intervals ?? 0, read.Intervals);
        foreach (var interval in program.Intervals.Skip(read.Intervals))
        {
            read.Apply(interval);
        }
        AssertSame(recorded, read);
        // What follows goes on from the same key frame.
        if (recorded.Intervals > recorded.KeyedIntervals)
        {
            Assert.Equal(RecordingKeyFrame.Of(recorded).Additions.ToArray(), RecordingKeyFrame.Of(read).Additions.ToArray());
            Assert.Equal(RecordingKeyFrame.Of(recorded).Ledger.ToArray(), RecordingKeyFrame.Of(read).Ledger.ToArray());
        }
    });

    [Fact]
    public void Decode_DamagedBytes_AreRefusedOrReadAsSomethingThatHolds() => Gen.Select(Gen.Int[0, 10_000], Gen.Int[0, int.MaxValue], Gen.Byte).Sample((seed, at, value) =>
    {
        var program = new RecordedProgram(seed);
        var frame = RecordingKeyFrame.Of(program.State(program.Intervals.Count));
        byte[][] parts = [frame.Additions.ToArray(), frame.Ledger.ToArray()];
        foreach (var part in parts)
        {
            part[at % part.Length] = value;
        }
        Refuses(() => RecordingKeyFrame.ApplyAdditions(new RecordingState(), parts[0]));
        Refuses(() =>
        {
            var state = new RecordingState();
            RecordingKeyFrame.ApplyAdditions(state, frame.Additions.Span);
            RecordingKeyFrame.ApplyLedger(state, RecordingKeyFrame.DecodeLedger(parts[1]));
        });

        static void Refuses(Action read)
        {
            try
            {
                read();
            }
            catch (InvalidDataException)
            {
                // What is no key frame is said to be none; anything else would fail the test.
            }
        }
    });

    [Fact]
    public void Timeline_OfManyIntervals_StaysSmallAndKeepsEveryByte()
    {
        const int Count = (3 * RecordingTimeline.MaxMoments) + 5;
        var state = new RecordingState();
        for (var i = 0; i < Count; i++)
        {
            state.Apply(new RecordingInterval
            {
                Index = i,
                EndedAt = RecordedProgram.StartedAt.AddMilliseconds(250 * i),
                Sites = i == 0 ? [new AllocationSite(-1, AllocationKind.Heap), new AllocationSite(-1, AllocationKind.Virtual)] : [],
                Allocated = [new SiteAllocated(0, 1, i), new SiteAllocated(1, 1, 4096)],
                Freed = i == 0 ? [] : [new SiteFreed(0, i - 1, 1, i - 1)],
                Health = new RecordingHealth(),
            });
        }
        Assert.Equal((4, (Count + 3) / 4, Count), (state.Timeline.Step, state.Timeline.Count, state.Ends.Count));
        Assert.Equal(state.Total.AllocatedBytes, state.Timeline.Sum(moment => moment.AllocatedBytes));
        Assert.Equal(state.Total.Frees, state.Timeline.Sum(moment => moment.Frees));
        Assert.Equal((4096L * Count, 4096L * Count), (state.Virtual.LiveBytes, state.Timeline.Sum(moment => moment.VirtualAllocatedBytes)));
        for (var i = 0; i < state.Timeline.Count; i++)
        {
            var last = Math.Min((4 * i) + 3, Count - 1);
            Assert.Equal((state.Ends[last], (long)last), (state.Timeline[i].EndedAt, state.Timeline[i].LiveBytes));
        }
        var frame = RecordingKeyFrame.Of(state);
        var read = new RecordingState();
        RecordingKeyFrame.ApplyAdditions(read, frame.Additions.Span);
        RecordingKeyFrame.ApplyLedger(read, RecordingKeyFrame.DecodeLedger(frame.Ledger.Span));
        AssertSame(state, read);
    }

    [Fact]
    public void Births_OfAProgramThatKeepsSomethingOfEveryInterval_StayFew()
    {
        var ledger = new SiteLedger(maxBirths: 1000);
        for (var i = 0; i < 1000; i++)
        {
            ledger.Apply(new RecordingInterval { Index = i, EndedAt = DateTimeOffset.UnixEpoch, Allocated = [new SiteAllocated(0, 1, 8), new SiteAllocated(1, 1, 8)], Health = new RecordingHealth() });
            Assert.InRange(ledger.Births, 1, 1000);
        }
        // Of what is new every birth is told apart, of what is old some stand together.
        Assert.InRange(ledger.Aged, 375, 990);
        Assert.InRange(ledger.Width, 2, 64);
        Assert.Equal((ledger.Width, 991), (ledger.Exact((2 * ledger.Width) - 1), ledger.Exact(991)));
    }

    [Fact]
    public void IsOld_AdditionsOfTheVersionBefore_AreToldApartAndNotApplied()
    {
        var additions = RecordingKeyFrame.Of(new RecordedProgram(1).State(1)).Additions.ToArray();
        Assert.False(RecordingKeyFrame.IsOld(additions));
        additions[0] = 1;
        Assert.True(RecordingKeyFrame.IsOld(additions));
        Assert.Throws<InvalidDataException>(() => RecordingKeyFrame.ApplyAdditions(new RecordingState(), additions));
    }

    private static SiteLedger Ledger(RecordedProgram program, int intervals, int maxBirths)
    {
        var ledger = new SiteLedger(maxBirths);
        foreach (var interval in program.Intervals.Take(intervals))
        {
            ledger.Apply(interval);
        }
        return ledger;
    }

    private static void AssertSame(RecordingState expected, RecordingState actual)
    {
        Assert.Equal(expected.Modules, actual.Modules);
        Assert.Equal(expected.Frames, actual.Frames);
        Assert.Equal(expected.Nodes, actual.Nodes);
        Assert.Equal(expected.Sites, actual.Sites);
        Assert.Equal(expected.Timeline, actual.Timeline);
        Assert.Equal(expected.Ends, actual.Ends);
        Assert.Equal((expected.Total, expected.Virtual, expected.Health), (actual.Total, actual.Virtual, actual.Health));
        for (var frame = 0; frame < expected.Frames.Count; frame++)
        {
            Assert.Equal(expected.Lines(frame), actual.Lines(frame));
        }
        for (var site = 0; site < expected.Sites.Count; site++)
        {
            Assert.Equal(expected.FiguresOf(site), actual.FiguresOf(site));
        }
    }
}
