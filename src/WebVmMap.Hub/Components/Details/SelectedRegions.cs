using System.Collections;
using WebVmMap.Core.Regions;
using WebVmMap.Core.Snapshots;
using WebVmMap.Hub.Components.Views;

namespace WebVmMap.Hub.Components.Details;

/// <summary>
/// What a selection means in one snapshot: a token names an address, and what lies there now is selected; what is no more
/// selects nothing. A region counts once, however often it is chosen. Immutable and thread-safe.
/// </summary>
public sealed class SelectedRegions
{
    private readonly BitArray _regions;
    private readonly HashSet<int> _allocations;

    private SelectedRegions(BitArray regions, HashSet<int> allocations, DetailsTotals totals)
    {
        _regions = regions;
        _allocations = allocations;
        Totals = totals;
    }

    /// <summary>Sums over the selected regions.</summary>
    public DetailsTotals Totals { get; }

    /// <summary>True when a row is selected: an allocation that was chosen as a whole, or a region that was chosen by itself or with it.</summary>
    public bool Contains(DetailsRow row) => row.IsRegion ? _regions[row.Region] : _allocations.Contains(row.Allocation);

    /// <summary>True when the region of a row of the table is selected, by itself or with its allocation.</summary>
    public bool ContainsRegion(int row) => _regions[row];

    /// <summary>Looks the tokens up in a snapshot.</summary>
    public static SelectedRegions Of(Snapshot snapshot, SelectionTokens selection)
    {
        var regions = snapshot.Regions;
        var table = snapshot.Allocations;
        var chosen = new BitArray(regions.Count);
        var allocations = new HashSet<int>();
        foreach (var token in selection.Tokens)
        {
            if (SelectionTokens.TryReadAddress(token, 'r', out var address))
            {
                if (regions.Find(address) is >= 0 and var row)
                {
                    chosen[row] = true;
                    if (table.Blocks(table.OfRegion(row)) == 1)
                    {
                        allocations.Add(table.OfRegion(row));
                    }
                }
            }
            else if (SelectionTokens.TryReadAddress(token, 'a', out address))
            {
                if (regions.Find(address) is >= 0 and var row)
                {
                    allocations.Add(table.OfRegion(row));
                }
            }
            else if (SelectionTokens.TryReadGroup(token, out var category, out var detail))
            {
                for (var allocation = 0; allocation < table.Count; allocation++)
                {
                    if (table.Category(allocation) == category && table.DetailText(allocation) == detail)
                    {
                        allocations.Add(allocation);
                    }
                }
            }
        }
        foreach (var allocation in allocations)
        {
            for (var row = table.FirstRegion[allocation]; row < table.FirstRegion[allocation + 1]; row++)
            {
                chosen[row] = true;
            }
        }
        return new SelectedRegions(chosen, allocations, Sum(snapshot, chosen));
    }

    private static DetailsTotals Sum(Snapshot snapshot, BitArray chosen)
    {
        var regions = snapshot.Regions;
        var (count, allocationCount, last) = (0, 0, -1);
        long size = 0, committed = 0, privateBytes = 0, totalWs = 0;
        for (var row = 0; row < chosen.Count; row++)
        {
            if (!chosen[row])
            {
                continue;
            }
            count++;
            if (snapshot.Allocations.OfRegion(row) is var allocation && allocation != last)
            {
                last = allocation;
                allocationCount++;
            }
            size += regions.Value(RegionMetric.Size, row);
            committed += regions.Value(RegionMetric.Committed, row);
            privateBytes += regions.Value(RegionMetric.Private, row);
            totalWs += regions.Value(RegionMetric.TotalWs, row);
        }
        return new(allocationCount, count, size, committed, privateBytes, totalWs);
    }
}
