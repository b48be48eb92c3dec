using System.Collections.Immutable;
using WebVmMap.Core.Regions;
using WebVmMap.Hub.Live;

namespace WebVmMap.Hub.Components.Timeline;

/// <summary>
/// The last moments of a process as stacked columns by category, and the system's own counter beside them. Between two full
/// passes a category keeps its last known value; the counter shows what happens meanwhile. Immutable.
/// </summary>
public sealed class TimelineSeries
{
    private TimelineSeries(RegionMetric metric, DateTimeOffset[] times, long[][] columns, long?[] counter)
    {
        Metric = metric;
        Times = times;
        Columns = columns;
        Counter = counter;
        for (var i = 0; i < times.Length; i++)
        {
            Peak = Math.Max(Peak, Math.Max(columns.Sum(c => c[i]), counter[i] ?? 0));
        }
    }

    /// <summary>The categories, in the order of the columns: all that can hold memory.</summary>
    public static ImmutableArray<RegionCategory> Categories { get; } = [.. RegionCategories.All.Where(c => !c.IsGap())];

    /// <summary>What is shown.</summary>
    public RegionMetric Metric { get; }

    /// <summary>The moments, ascending.</summary>
    public IReadOnlyList<DateTimeOffset> Times { get; }

    /// <summary>A column for each of <see cref="Categories"/>, in bytes.</summary>
    public IReadOnlyList<long[]> Columns { get; }

    /// <summary>The system's own figure at each moment; null where it keeps none for this metric.</summary>
    public IReadOnlyList<long?> Counter { get; }

    /// <summary>The highest sum or counter.</summary>
    public long Peak { get; }

    /// <summary>Builds the series from the first full pass on.</summary>
    /// <param name="points">Oldest first.</param>
    /// <param name="metric">Committed, Private or Total WS.</param>
    /// <param name="maxMoments">More are thinned out evenly; the last one always stays.</param>
    public static TimelineSeries Build(ImmutableArray<TimelinePoint> points, RegionMetric metric, int maxMoments)
    {
        var known = new List<(TimelinePoint Point, ImmutableArray<CategoryTotals> Categories)>(points.Length);
        var last = ImmutableArray<CategoryTotals>.Empty;
        foreach (var point in points)
        {
            last = point.Categories.IsDefaultOrEmpty ? last : point.Categories;
            if (!last.IsEmpty)
            {
                known.Add((point, last));
            }
        }
        var picked = Pick(known.Count, maxMoments);
        return new(
            metric,
            [.. picked.Select(i => known[i].Point.Time)],
            [.. Categories.Select(category => picked.Select(i => Value(known[i].Categories, category, metric)).ToArray())],
            [.. picked.Select(i => CounterOf(known[i].Point, metric))]);
    }

    private static int[] Pick(int count, int max) =>
        count <= max ? [.. Enumerable.Range(0, count)] : [.. Enumerable.Range(0, max).Select(i => (int)((long)i * (count - 1) / (max - 1)))];

    private static long Value(ImmutableArray<CategoryTotals> totals, RegionCategory category, RegionMetric metric) =>
        (int)category >= totals.Length ? 0 : metric switch
        {
            RegionMetric.Committed => totals[(int)category].Committed,
            RegionMetric.Private => totals[(int)category].Private,
            _ => totals[(int)category].TotalWs,
        };

    private static long? CounterOf(TimelinePoint point, RegionMetric metric) => metric switch
    {
        RegionMetric.Committed => null,
        RegionMetric.Private => point.Counters.PrivateCommit,
        _ => point.Counters.WorkingSet,
    };
}
