using System.Collections;
using WebVmMap.Core.Diffs;
using WebVmMap.Hub.Components.Views;

namespace WebVmMap.Hub.Components.Compare;

/// <summary>What a selection means in one diff. A region counts once, however often it is chosen. Immutable and thread-safe.</summary>
public sealed class SelectedChanges
{
    private readonly BitArray _regions;
    private readonly HashSet<int> _allocations;

    private SelectedChanges(BitArray regions, HashSet<int> allocations, ChangeTotals totals)
    {
        _regions = regions;
        _allocations = allocations;
        Totals = totals;
    }

    /// <summary>Sums over the selected regions.</summary>
    public ChangeTotals Totals { get; }

    /// <summary>True when a row is selected: an allocation that was chosen as a whole, or a region that was chosen by itself or with it.</summary>
    public bool Contains(ChangeRow row) => row.IsRegion ? _regions[row.Region] : _allocations.Contains(row.Allocation);

    /// <summary>Looks the tokens up in a diff, and sums as a query counts.</summary>
    public static SelectedChanges Of(SnapshotDiff diff, SelectionTokens selection, ChangeQuery query)
    {
        var regions = diff.Regions;
        var lookup = DiffLookup.Of(regions);
        var chosen = new BitArray(regions.Count);
        var allocations = new HashSet<int>();
        foreach (var token in selection.Tokens)
        {
            if (SelectionTokens.TryReadGroup(token, out var category, out var detail))
            {
                for (var allocation = 0; allocation < regions.AllocationCount; allocation++)
                {
                    var first = regions.FirstRegion[allocation];
                    if (regions.Category(first) == category && regions.DetailText(first) == detail)
                    {
                        allocations.Add(allocation);
                    }
                }
            }
            else if (lookup.Find(token, out var isAllocation) is >= 0 and var row)
            {
                var allocation = regions.AllocationOf(row);
                if (isAllocation || regions.FirstRegion[allocation + 1] - regions.FirstRegion[allocation] == 1)
                {
                    allocations.Add(allocation);
                }
                else
                {
                    chosen[row] = true;
                }
            }
        }
        foreach (var allocation in allocations)
        {
            for (var row = regions.FirstRegion[allocation]; row < regions.FirstRegion[allocation + 1]; row++)
            {
                chosen[row] = true;
            }
        }
        return new SelectedChanges(chosen, allocations, Sum(regions, chosen, query));
    }

    private static ChangeTotals Sum(RegionDiff regions, BitArray chosen, ChangeQuery query)
    {
        var figures = new ChangeFigures(regions, query.Category);
        var totals = default(ChangeTotals);
        var (allocations, last) = (0, -1);
        for (var row = 0; row < chosen.Count; row++)
        {
            if (!chosen[row] || !figures.IsWanted(row))
            {
                continue;
            }
            totals = totals.Plus(figures.Before(query.Metric, row), figures.After(query.Metric, row));
            if (regions.AllocationOf(row) is var allocation && allocation != last)
            {
                last = allocation;
                allocations++;
            }
        }
        return totals with { Allocations = allocations };
    }
}
