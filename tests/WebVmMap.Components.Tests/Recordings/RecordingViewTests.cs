using WebVmMap.Components.Tests.Fakes;
using WebVmMap.Core.Recordings;
using WebVmMap.Hub.Components.Recordings;
using WebVmMap.Hub.Recordings;

namespace WebVmMap.Components.Tests.Recordings;

public sealed class RecordingViewTests
{
    [Fact]
    public void Parse_OfFormat_IsTheState()
    {
        var state = RecordingViewState.Default with
        {
            Question = new() { From = "warm & up", To = "2026-11-22T12:00:00.300Z", View = CallTreeView.ByModule, Kind = AllocationKind.Virtual, CollapseRecursion = true, HideSystem = true, SplitLines = true },
            Metric = AllocationMetric.Allocations,
            ByGrowth = true,
            Filter = "std::vector<int>",
            Selection = "n:0123456789abcdef",
            Zoom = "n:fedcba9876543210",
            Sort = new(null, false),
        };
        Assert.Equal(state, RecordingViewUrl.Parse("?" + RecordingViewUrl.Format(state)));
        Assert.Equal("", RecordingViewUrl.Format(RecordingViewState.Default));
        Assert.Equal(RecordingViewState.Default, RecordingViewUrl.Parse("?by=nonsense&view=7&sort=-&colour=blue"));
    }

    [Fact]
    public void Ask_OtherStacks_LetsGoOfWhatIsNoMore()
    {
        var state = RecordingViewState.Default with { Selection = "n:0123456789abcdef", Zoom = "n:0123456789abcdef" };
        Assert.Equal("n:0123456789abcdef", state.Ask(state.Question with { From = "load" }).Selection);
        Assert.Equal(("", ""), state.Ask(state.Question with { View = CallTreeView.BottomUp }) is var other ? (other.Selection, other.Zoom) : default);
    }

    [Theory]
    [InlineData(AllocationKind.Heap)]
    [InlineData(AllocationKind.Virtual)]
    [InlineData(null)]
    public void Build_ManyIntervals_KeepsEveryByteOfTheMemoryThatIsLookedAt(AllocationKind? rates)
    {
        var timeline = Enumerable.Range(0, 1000).Select(i => new RecordingMoment(RecordingSamples.StartedAt.AddMilliseconds(250 * (i + 1)), i, 1, i, 1, i / 2, 1, 4096 * i, 3 * i, i / 3)).ToList();
        var series = RecordingSeries.Build(RecordingSamples.StartedAt, timeline, rates, 300);
        Assert.Equal((300, rates), (series.Times.Length, series.Rates));
        Assert.Equal((timeline[^1].EndedAt.ToUnixTimeMilliseconds(), 999L, 4096 * 999L), (series.Times[^1], series.Live[^1], series.LiveVirtual[^1]));
        var before = RecordingSamples.StartedAt.ToUnixTimeMilliseconds();
        var (allocated, freed) = (0.0, 0.0);
        for (var i = 0; i < series.Times.Length; i++)
        {
            Assert.True(series.Times[i] > before);
            allocated += series.Allocated[i] * (series.Times[i] - before) / 1000;
            freed += series.Freed[i] * (series.Times[i] - before) / 1000;
            before = series.Times[i];
        }
        var (heap, mapped) = (rates != AllocationKind.Virtual ? 1 : 0, rates != AllocationKind.Heap ? 1 : 0);
        Assert.Equal(timeline.Sum(moment => (heap * moment.AllocatedBytes) + (mapped * moment.VirtualAllocatedBytes)), allocated, 1e-6);
        Assert.Equal(timeline.Sum(moment => (heap * moment.FreedBytes) + (mapped * moment.VirtualFreedBytes)), freed, 1e-6);
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("load", "load")]
    [InlineData("12:00:05", "2026-11-22T12:00:05.000Z")]
    [InlineData("0:30", "2026-11-23T00:30:00.000Z")]
    [InlineData("2026-11-22T12:00:00.300Z", "2026-11-22T12:00:00.300Z")]
    [InlineData("2026-11-22 13:00:00+01:00", "2026-11-22T12:00:00.000Z")]
    [InlineData("later", null)]
    public void Read_WhatIsTyped_IsAMarkOrATime(string typed, string? expected) => Assert.Equal(expected, SpanEnd.Read(typed, ["load"], RecordingSamples.StartedAt));

    [Theory]
    [InlineData("a  b", "a|b")]
    [InlineData("\"C:\\Program Files\\x.exe\" /a", "C:\\Program Files\\x.exe|/a")]
    [InlineData("sh -c 'echo \"hi there\"'", "sh|-c|echo \"hi there\"")]
    [InlineData("a \"\" b", "a||b")]
    [InlineData("--name=\"a b\"c", "--name=a bc")]
    [InlineData("\"say \\\"hi\\\"\"", "say \"hi\"")]
    [InlineData("   ", "")]
    public void TrySplit_ACommandLine_IsItsWords(string line, string expected)
    {
        Assert.True(CommandWords.TrySplit(line, out var words, out _));
        Assert.Equal(expected, string.Join('|', words));
    }

    [Fact]
    public void Find_SpansOfTime_TakesTheIntervalsThatLieInThem()
    {
        var start = RecordingSamples.StartedAt;
        var ends = Enumerable.Range(1, 4).Select(i => start.AddMilliseconds(250 * i)).ToList();
        var recording = RecordingSamples.Running with { Marks = [new(start.AddMilliseconds(300), "load", "")] };
        (int, int) Find(string from, string to) => SpanOfTime.Find(recording, ends, from, to);
        Assert.Equal((0, 4), Find("", ""));
        Assert.Equal((1, 4), Find("load", ""));
        Assert.Equal((1, 2), Find("load", "load"));
        Assert.Equal((1, 3), Find("2026-11-22T12:00:00.250Z", "2026-11-22T12:00:00.750Z"));
        Assert.Equal((4, 4), Find("2026-11-23T12:00:00Z", ""));
        Assert.Throws<ArgumentException>(() => Find("2026-11-22T12:00:00.9Z", "2026-11-22T12:00:00.1Z"));
        Assert.Throws<ArgumentException>(() => Find("nowhere", ""));
    }
}
