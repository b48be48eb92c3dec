using WebVmMap.Core.Recordings;

namespace WebVmMap.Core.Tests.Recordings;

public sealed class RecordingViewTests
{
    [Fact]
    public void View_OfEveryMoment_StaysWhatItWasWhileTheRecordingGoesOn()
    {
        for (var seed = 0; seed < 50; seed++)
        {
            var program = new RecordedProgram(seed);
            var state = new RecordingState();
            var views = new List<RecordingState> { state.View() };
            foreach (var interval in program.Intervals)
            {
                state.Apply(interval);
                views.Add(state.View());
            }
            for (var moment = 0; moment < views.Count; moment++)
            {
                AssertSame(program.State(moment), views[moment]);
            }
        }
    }

    [Fact]
    public void View_FrameNamedLater_KeepsTheNameThatItHad()
    {
        var state = new RecordingState();
        state.Apply(Interval(0) with { Modules = [new("/opt/shop", "", "")], Frames = [new(-1, 0x10)], Nodes = [new(-1, 0)], Sites = [new(0, AllocationKind.Heap)] });
        var unnamed = state.View();
        state.Apply(Interval(1) with { Symbols = [new(0, [new CodeLine("main", "/shop.c", 9)], 0)] });
        var named = state.View();
        state.Apply(Interval(2) with { Symbols = [new(0, [new CodeLine("run", "/shop.c", 9)])] });
        Assert.Equal(
            [("", -1), ("main", 0), ("run", 0)],
            new[] { unnamed, named, state }.Select(one => (string.Concat(one.Lines(0).Select(line => line.Function)), one.Frames[0].Module)));
    }

    [Fact]
    public void View_TimelineThatBecomesCoarser_KeepsItsPoints()
    {
        var timeline = new RecordingState();
        for (var i = 0; i < RecordingTimeline.MaxMoments; i++)
        {
            timeline.Apply(Interval(i));
        }
        var view = timeline.View();
        timeline.Apply(Interval(RecordingTimeline.MaxMoments));
        timeline.Apply(Interval(RecordingTimeline.MaxMoments + 1));
        Assert.Equal((1, 2), (view.Timeline.Step, timeline.Timeline.Step));
        Assert.Equal(Enumerable.Range(0, RecordingTimeline.MaxMoments).Select(EndOf), view.Timeline.Select(moment => moment.EndedAt));
        Assert.Equal(RecordingTimeline.MaxMoments, view.Ends.Count);
    }

    [Fact]
    public void View_AskedForWhatItHasNot_Refuses()
    {
        var state = new RecordingState();
        state.Apply(Interval(0) with { Sites = [new(-1, AllocationKind.Heap)], Allocated = [new(0, 1, 64)] });
        var view = state.View();
        Assert.Throws<InvalidOperationException>(() => view.Apply(Interval(1)));
        Assert.Throws<InvalidOperationException>(() => view.Ledger);
        Assert.Throws<InvalidOperationException>(() => view.FiguresOf(0));
        Assert.Throws<InvalidOperationException>(() => view.View().WithTexts(text => text).Apply(Interval(1)));
    }

    private static void AssertSame(RecordingState expected, RecordingState actual)
    {
        Assert.Equal((expected.Intervals, expected.Total, expected.Virtual, expected.Before, expected.Health), (actual.Intervals, actual.Total, actual.Virtual, actual.Before, actual.Health));
        Assert.Equal(expected.Modules, actual.Modules);
        Assert.Equal(expected.Frames, actual.Frames);
        Assert.Equal(expected.Nodes, actual.Nodes);
        Assert.Equal(expected.Sites, actual.Sites);
        Assert.Equal(expected.Timeline, actual.Timeline);
        Assert.Equal(expected.Ends, actual.Ends);
        for (var frame = 0; frame < expected.Frames.Count; frame++)
        {
            Assert.Equal(expected.Lines(frame), actual.Lines(frame));
        }
    }

    private static DateTimeOffset EndOf(int interval) => DateTimeOffset.UnixEpoch.AddSeconds(interval);

    private static RecordingInterval Interval(int index) => new() { Index = index, EndedAt = EndOf(index), Health = new RecordingHealth() };
}
