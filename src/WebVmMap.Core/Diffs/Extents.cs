using WebVmMap.Core.Regions;

namespace WebVmMap.Core.Diffs;

/// <summary>
/// Stretches of address space, ascending and never overlapping, with what tells how near two of them are related: the regions in
/// use of a table, or its allocations.
/// </summary>
internal sealed class Extents
{
    private Extents(int count)
    {
        First = new ulong[count];
        Last = new ulong[count];
        Category = new RegionCategory[count];
        Detail = new int[count];
        Mark = new ulong[count];
        FirstRow = new int[count];
        EndRow = new int[count];
    }

    public int Count => First.Length;

    /// <summary>First addresses.</summary>
    public ulong[] First { get; }

    /// <summary>Last addresses, which unlike ends never wrap.</summary>
    public ulong[] Last { get; }

    public RegionCategory[] Category { get; }

    /// <summary>Details in the common numbering.</summary>
    public int[] Detail { get; }

    /// <summary>What relates two besides category and details: the protection of a region, the base of an allocation.</summary>
    public ulong[] Mark { get; }

    /// <summary>First row of an allocation; the row of a region.</summary>
    public int[] FirstRow { get; }

    /// <summary>The row after the last one of an allocation, or after that of a region.</summary>
    public int[] EndRow { get; }

    /// <summary>The allocations in use.</summary>
    /// <param name="allocations">All of a snapshot, gaps among them.</param>
    /// <param name="common">Gives the common number of a text.</param>
    public static Extents OfAllocations(AllocationTable allocations, Func<int, int> common)
    {
        var regions = allocations.Regions;
        var extents = new Extents(CountInUse(allocations));
        var at = 0;
        for (var allocation = 0; allocation < allocations.Count; allocation++)
        {
            if (allocations.Category(allocation).IsGap())
            {
                continue;
            }
            var first = allocations.FirstRegion[allocation];
            var end = allocations.FirstRegion[allocation + 1];
            extents.Set(at++, regions, first, end, common(regions.Details[first]), regions.AllocationBases[first]);
        }
        return extents;
    }

    /// <summary>Every row of a table, gaps among them, so that indexes are rows.</summary>
    public static Extents OfRegions(RegionTable regions, Func<int, int> common)
    {
        var extents = new Extents(regions.Count);
        for (var row = 0; row < regions.Count; row++)
        {
            extents.Set(row, regions, row, row + 1, common(regions.Details[row]), (ulong)regions.Protections[row]);
        }
        return extents;
    }

    /// <summary>How near one of these is related to one of the others: category counts most, then details, then the mark.</summary>
    public int Kinship(int own, Extents others, int other) =>
        (Category[own] == others.Category[other] ? 4 : 0) + (Detail[own] == others.Detail[other] ? 2 : 0) + (Mark[own] == others.Mark[other] ? 1 : 0);

    private static int CountInUse(AllocationTable allocations)
    {
        var count = 0;
        for (var allocation = 0; allocation < allocations.Count; allocation++)
        {
            count += allocations.Category(allocation).IsGap() ? 0 : 1;
        }
        return count;
    }

    private void Set(int at, RegionTable regions, int first, int end, int detail, ulong mark)
    {
        First[at] = regions.Addresses[first];
        Last[at] = unchecked(regions.End(end - 1) - 1);
        Category[at] = regions.Categories[first];
        Detail[at] = detail;
        Mark[at] = mark;
        FirstRow[at] = first;
        EndRow[at] = end;
    }
}
