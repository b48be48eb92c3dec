using WebVmMap.Components.Tests.Fakes;
using WebVmMap.Core.Processes;
using WebVmMap.Core.Regions;
using WebVmMap.Hub.Components.Timeline;
using WebVmMap.Hub.Live;

namespace WebVmMap.Components.Tests.Timeline;

public sealed class TimelineSeriesTests
{
    [Fact]
    public void Build_FullPass_ColumnsAddUpToTheSnapshotsWorkingSet()
    {
        var snapshot = Samples.Small();
        var series = TimelineSeries.Build(Samples.Timeline(snapshot, 41), RegionMetric.Committed, 600);
        Assert.All(Enumerable.Range(0, series.Times.Count), i => Assert.Equal(snapshot.Summary.Total.Committed, series.Columns.Sum(c => c[i])));
    }

    [Fact]
    public void Build_CounterTick_KeepsTheLastCategoriesAndTheNewCounter()
    {
        var points = Samples.Timeline(Samples.Small(), 3);
        var series = TimelineSeries.Build(points, RegionMetric.TotalWs, 600);
        Assert.Equal(series.Columns.Sum(c => c[0]), series.Columns.Sum(c => c[1]));
        Assert.Equal(points[1].Counters.WorkingSet, series.Counter[1]);
    }

    [Fact]
    public void Build_TicksBeforeTheFirstFullPass_AreLeftOut()
    {
        TimelinePoint tick = new(Samples.Noon, new ProcessCounters { WorkingSet = 5 }, []);
        Assert.Empty(TimelineSeries.Build([tick, tick], RegionMetric.TotalWs, 600).Times);
    }

    [Fact]
    public void Build_MoreThanTheLimit_ThinsOutAndKeepsBothEnds()
    {
        var points = Samples.Timeline(Samples.Small(), 601);
        var series = TimelineSeries.Build(points, RegionMetric.TotalWs, 90);
        Assert.Equal(90, series.Times.Count);
        Assert.Equal((points[0].Time, points[^1].Time), (series.Times[0], series.Times[^1]));
        Assert.Equal(series.Times.Order(), series.Times);
    }
}
