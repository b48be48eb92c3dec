using System.Collections;
using System.Runtime.InteropServices;
using WebVmMap.Core.Processes;
using WebVmMap.Core.Regions;
using WebVmMap.Core.Snapshots;
using WebVmMap.Hub.Components.Grid;

namespace WebVmMap.Hub.Components.Details;

/// <summary>
/// The details of one snapshot under one query: which regions match, which allocations therefore show, and in what order.
/// A region matches or not; an allocation shows when a region of it matches, and its row tells the sums of the whole
/// allocation. Immutable and thread-safe; building one is linear in the number of regions.
/// </summary>
public sealed class DetailsModel
{
    private readonly BitArray _matches;
    private readonly int[] _shown;

    private DetailsModel(Snapshot snapshot, DetailsQuery query, BitArray matches, int[] shown, DetailsTotals totals)
    {
        Snapshot = snapshot;
        Query = query;
        _matches = matches;
        _shown = shown;
        Totals = totals;
    }

    /// <summary>The details of nothing, to begin with.</summary>
    public static DetailsModel Empty { get; } = Build(
        new Snapshot(RegionTable.Empty, default(AddressSpaceBounds) with { Granularity = RegionTableBuilder.PageSize })
        {
            Platform = HostPlatform.Unspecified,
            Process = new ProcessInfo { Key = default, Name = "" },
            TakenAt = default,
        },
        new DetailsQuery("", null, DetailsSort.Default, false));

    /// <summary>Of which snapshot.</summary>
    public Snapshot Snapshot { get; }

    /// <summary>Under which query.</summary>
    public DetailsQuery Query { get; }

    /// <summary>The allocations that show, in order.</summary>
    public IReadOnlyList<int> Allocations => _shown;

    /// <summary>Sums over the regions that match.</summary>
    public DetailsTotals Totals { get; }

    /// <summary>True when a region matches.</summary>
    public bool Matches(int region) => _matches[region];

    /// <summary>Works out the details.</summary>
    public static DetailsModel Build(Snapshot snapshot, DetailsQuery query)
    {
        var regions = snapshot.Regions;
        var allocations = snapshot.Allocations;
        var filter = RegionFilter.Parse(query.Filter);
        var matches = new BitArray(regions.Count);
        var some = new BitArray(allocations.Count);
        var (allocationCount, count) = (0, 0);
        long size = 0, committed = 0, privateBytes = 0, totalWs = 0;
        for (var allocation = 0; allocation < allocations.Count; allocation++)
        {
            for (var row = allocations.FirstRegion[allocation]; row < allocations.FirstRegion[allocation + 1]; row++)
            {
                if (!IsWanted(regions.Categories[row], query) || (!filter.IsEmpty && !filter.Matches(regions, row, snapshot.Platform)))
                {
                    continue;
                }
                matches[row] = true;
                if (!some[allocation])
                {
                    some[allocation] = true;
                    allocationCount++;
                }
                count++;
                size += regions.Value(RegionMetric.Size, row);
                committed += regions.Value(RegionMetric.Committed, row);
                privateBytes += regions.Value(RegionMetric.Private, row);
                totalWs += regions.Value(RegionMetric.TotalWs, row);
            }
        }
        var shown = new int[allocationCount];
        var next = 0;
        foreach (var allocation in AllocationOrder.Of(snapshot, query.Sort))
        {
            if (some[allocation])
            {
                shown[next++] = allocation;
            }
        }
        return new DetailsModel(snapshot, query, matches, shown, new(allocationCount, count, size, committed, privateBytes, totalWs));
    }

    /// <summary>What a row is known by from one sample to the next: its first address, with the lowest bit set for a region.</summary>
    public ulong Key(DetailsRow row) => row.IsRegion ? RegionKey(row.Region) : AllocationKey(row.Allocation);

    /// <summary>The visible rows when the allocations with these first addresses are open.</summary>
    /// <param name="expanded">The open allocations.</param>
    /// <param name="held">The order to keep; null for that of the sort.</param>
    public DetailsRows Rows(IReadOnlySet<ulong> expanded, HeldOrder<ulong>? held = null)
    {
        var shown = _shown;
        if (held is not null)
        {
            shown = [.. _shown];
            held.Apply<int>(shown, AllocationKey);
        }
        var table = Snapshot.Allocations;
        var codes = new List<int>(_shown.Length);
        foreach (var allocation in shown)
        {
            codes.Add(~allocation);
            if (expanded.Count > 0 && table.Blocks(allocation) > 1 && expanded.Contains(table.Address(allocation)))
            {
                AddRegions(codes, allocation, held);
            }
        }
        return new DetailsRows(this, [.. codes], held?.HasMoved == true);
    }

    /// <summary>First addresses of all allocations that can be opened.</summary>
    public IEnumerable<ulong> Expandable() => _shown.Where(a => Snapshot.Allocations.Blocks(a) > 1).Select(Snapshot.Allocations.Address);

    private static bool IsWanted(RegionCategory category, DetailsQuery query) =>
        query.Category is { } only ? category == only : category != RegionCategory.Free || query.ShowFree;

    // Regions begin at a page, so the lowest bit is free to tell one from the allocation that begins there.
    private ulong RegionKey(int region) => Snapshot.Regions.Addresses[region] | 1;

    private ulong AllocationKey(int allocation) => Snapshot.Allocations.Address(allocation);

    private void AddRegions(List<int> codes, int allocation, HeldOrder<ulong>? held)
    {
        var table = Snapshot.Allocations;
        var regions = Snapshot.Regions;
        var start = codes.Count;
        for (var row = table.FirstRegion[allocation]; row < table.FirstRegion[allocation + 1]; row++)
        {
            if (_matches[row])
            {
                codes.Add(row);
            }
        }
        var own = CollectionsMarshal.AsSpan(codes)[start..];
        switch (Query.Sort.Column)
        {
            case <= DetailsColumn.Reserved:
                AllocationOrder.SortBy(own, row => regions.Value((RegionMetric)Query.Sort.Column, row), Query.Sort.Descending);
                break;
            case DetailsColumn.Protection:
                AllocationOrder.SortBy(own, row => (long)regions.Protections[row], Query.Sort.Descending);
                break;
            case DetailsColumn.Address when Query.Sort.Descending:
                own.Reverse();
                break;
            default:
                break; // address order, as they came
        }
        held?.Apply(own, RegionKey);
    }
}
