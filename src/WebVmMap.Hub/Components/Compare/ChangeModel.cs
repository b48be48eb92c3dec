using System.Collections;
using System.Runtime.InteropServices;
using WebVmMap.Core.Diffs;
using WebVmMap.Core.Regions;

namespace WebVmMap.Hub.Components.Compare;

/// <summary>
/// The changes of one diff under one query: which regions match, which allocations therefore show, and in what order. An
/// allocation shows when a region of it matches, and its row tells the sums of the whole allocation. Immutable and thread-safe;
/// building one is linear in the number of regions.
/// </summary>
public sealed class ChangeModel
{
    private readonly BitArray _matches;
    private readonly int[] _shown;

    private ChangeModel(SnapshotDiff diff, ChangeQuery query, BitArray matches, int[] shown, ChangeTotals totals)
    {
        Diff = diff;
        Query = query;
        _matches = matches;
        _shown = shown;
        Totals = totals;
    }

    /// <summary>Of which diff.</summary>
    public SnapshotDiff Diff { get; }

    /// <summary>Under which query.</summary>
    public ChangeQuery Query { get; }

    /// <summary>The allocations that show, in order.</summary>
    public IReadOnlyList<int> Allocations => _shown;

    /// <summary>Sums over the regions that match.</summary>
    public ChangeTotals Totals { get; }

    /// <summary>True when a region matches.</summary>
    public bool Matches(int region) => _matches[region];

    /// <summary>Works out the changes.</summary>
    public static ChangeModel Build(SnapshotDiff diff, ChangeQuery query)
    {
        var regions = diff.Regions;
        var filter = RegionFilter.Parse(query.Filter);
        var figures = new ChangeFigures(regions, query.Category);
        var matches = new BitArray(regions.Count);
        var shown = new List<int>();
        var totals = default(ChangeTotals);
        for (var allocation = 0; allocation < regions.AllocationCount; allocation++)
        {
            if (!IsLargeEnough(figures, query, allocation))
            {
                continue;
            }
            var some = false;
            for (var row = regions.FirstRegion[allocation]; row < regions.FirstRegion[allocation + 1]; row++)
            {
                if ((!query.ShowSame && regions.Changes[row] == RegionChange.Same) || !figures.IsWanted(row) || !IsFound(diff, filter, row))
                {
                    continue;
                }
                matches[row] = true;
                some = true;
                totals = totals.Plus(figures.Before(query.Metric, row), figures.After(query.Metric, row));
            }
            if (some)
            {
                shown.Add(allocation);
            }
        }
        var order = shown.ToArray();
        ChangeOrder.Sort(order, diff, figures, query);
        return new ChangeModel(diff, query, matches, order, totals with { Allocations = order.Length });
    }

    /// <summary>The figures as the query counts them.</summary>
    public ChangeFigures Figures => new(Diff.Regions, Query.Category);

    /// <summary>The visible rows when these allocations are open.</summary>
    public ChangeRows Rows(IReadOnlySet<int> expanded)
    {
        var codes = new List<int>(_shown.Length);
        foreach (var allocation in _shown)
        {
            codes.Add(~allocation);
            if (expanded.Count > 0 && CanOpen(allocation) && expanded.Contains(allocation))
            {
                AddRegions(codes, allocation);
            }
        }
        return new ChangeRows(Diff.Regions, [.. codes]);
    }

    /// <summary>Whether an allocation has several regions.</summary>
    public bool CanOpen(int allocation) => Diff.Regions.FirstRegion[allocation + 1] - Diff.Regions.FirstRegion[allocation] > 1;

    /// <summary>What a row's figure was, in bytes.</summary>
    public long Before(RegionMetric metric, ChangeRow row) => row.IsRegion ? Figures.Before(metric, row.Region) : Figures.AllocationBefore(metric, row.Allocation);

    /// <summary>What a row's figure is, in bytes.</summary>
    public long After(RegionMetric metric, ChangeRow row) => row.IsRegion ? Figures.After(metric, row.Region) : Figures.AllocationAfter(metric, row.Allocation);

    /// <summary>By how much a row's figure grew, in bytes.</summary>
    public long Delta(RegionMetric metric, ChangeRow row) => After(metric, row) - Before(metric, row);

    // A net of nothing can hide much: one region that changed enough is enough.
    private static bool IsLargeEnough(ChangeFigures figures, ChangeQuery query, int allocation) =>
        query.Threshold <= 0
        || Math.Abs(figures.AllocationDelta(query.Metric, allocation)) >= query.Threshold
        || figures.Largest(query.Metric, allocation) >= query.Threshold;

    private static bool IsFound(SnapshotDiff diff, RegionFilter filter, int row)
    {
        if (filter.IsEmpty)
        {
            return true;
        }
        var regions = diff.Regions;
        return (regions.AfterRows[row] is >= 0 and var after && filter.Matches(regions.After, after, diff.After.Platform))
            || (regions.BeforeRows[row] is >= 0 and var before && filter.Matches(regions.Before, before, diff.Before.Platform));
    }

    private void AddRegions(List<int> codes, int allocation)
    {
        var start = codes.Count;
        for (var row = Diff.Regions.FirstRegion[allocation]; row < Diff.Regions.FirstRegion[allocation + 1]; row++)
        {
            if (_matches[row])
            {
                codes.Add(row);
            }
        }
        ChangeOrder.SortRegions(CollectionsMarshal.AsSpan(codes)[start..], Diff, Figures, Query);
    }
}
