using WebVmMap.Core.Diffs;
using WebVmMap.Core.Regions;
using WebVmMap.Hub.Components.Details;

namespace WebVmMap.Hub.Components.Compare;

/// <summary>Puts changes in order.</summary>
internal static class ChangeOrder
{
    /// <summary>Sorts allocations, which come in the order of the diff.</summary>
    public static void Sort(int[] allocations, SnapshotDiff diff, ChangeFigures figures, ChangeQuery query)
    {
        var regions = diff.Regions;
        Order(allocations, query.Sort, query.Sort.Column switch
        {
            DiffColumn.Address => null,
            DiffColumn.Change => i => (long)regions.AllocationChanges[i],
            DiffColumn.Type => i => (long)regions.Category(regions.FirstRegion[i]),
            DiffColumn.Before => i => figures.AllocationBefore(query.Metric, i),
            DiffColumn.After => i => figures.AllocationAfter(query.Metric, i),
            DiffColumn.Delta => i => figures.AllocationDelta(query.Metric, i),
            // What nets to little may have changed much: the sum decides, then nothing.
            DiffColumn.Magnitude => i => Math.Abs(figures.AllocationDelta(query.Metric, i)),
            DiffColumn.Protection => i => ProtectionOf(regions, regions.FirstRegion[i]),
            DiffColumn.Details => Ranks(allocations, i => regions.DetailText(regions.FirstRegion[i])),
            var metric => i => figures.AllocationDelta((RegionMetric)metric, i),
        });
    }

    /// <summary>Sorts the regions of one allocation, which come in the order of the diff.</summary>
    public static void SortRegions(Span<int> rows, SnapshotDiff diff, ChangeFigures figures, ChangeQuery query)
    {
        var regions = diff.Regions;
        Order(rows, query.Sort, query.Sort.Column switch
        {
            DiffColumn.Address or DiffColumn.Details => null,
            DiffColumn.Change => row => (long)regions.Changes[row],
            DiffColumn.Type => row => (long)regions.Category(row),
            DiffColumn.Before => row => figures.Before(query.Metric, row),
            DiffColumn.After => row => figures.After(query.Metric, row),
            DiffColumn.Delta => row => figures.Delta(query.Metric, row),
            DiffColumn.Magnitude => row => Math.Abs(figures.Delta(query.Metric, row)),
            DiffColumn.Protection => row => ProtectionOf(regions, row),
            var metric => row => figures.Delta((RegionMetric)metric, row),
        });
    }

    private static void Order(Span<int> indexes, DiffSort sort, Func<int, long>? key)
    {
        if (key is not null)
        {
            AllocationOrder.SortBy(indexes, key, sort.Descending);
        }
        else if (sort.Descending)
        {
            indexes.Reverse();
        }
    }

    private static long ProtectionOf(RegionDiff regions, int row) =>
        (long)(regions.AfterRows[row] is >= 0 and var after ? regions.After.Protections[after] : regions.Before.Protections[regions.BeforeRows[row]]);

    private static Func<int, long> Ranks(int[] indexes, Func<int, string> text)
    {
        var texts = indexes.Select(text).Distinct().Order(StringComparer.OrdinalIgnoreCase).ToArray();
        var ranks = new Dictionary<string, long>(texts.Length, StringComparer.Ordinal);
        for (var rank = 0; rank < texts.Length; rank++)
        {
            ranks[texts[rank]] = rank;
        }
        return i => ranks[text(i)];
    }
}
