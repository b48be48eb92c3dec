using System.Buffers;

namespace WebVmMap.Core.Regions;

/// <summary>
/// The allocations of a region table: runs of neighbouring rows with one allocation base and one category, each with the
/// sums of its regions. Row i holds the regions from <see cref="FirstRegion"/>[i] to before <see cref="FirstRegion"/>[i + 1].
/// Immutable and thread-safe.
/// </summary>
public sealed class AllocationTable
{
    private readonly int[] _first;
    private readonly Protection[] _protection;
    private readonly long[][] _metrics;

    private AllocationTable(RegionTable regions, int[] first, Protection[] protection, long[][] metrics)
    {
        Regions = regions;
        _first = first;
        _protection = protection;
        _metrics = metrics;
    }

    /// <summary>The regions these allocations are made of.</summary>
    public RegionTable Regions { get; }

    /// <summary>How many allocations there are.</summary>
    public int Count => _protection.Length;

    /// <summary>First region row of each allocation, and at the end the number of regions: one longer than <see cref="Count"/>.</summary>
    public ReadOnlySpan<int> FirstRegion => _first;

    /// <summary>Union of the protections of the regions; Reserved only when all of them are.</summary>
    public ReadOnlySpan<Protection> Protections => _protection;

    /// <summary>How many regions an allocation has.</summary>
    public int Blocks(int allocation) => _first[allocation + 1] - _first[allocation];

    /// <summary>Category of an allocation.</summary>
    public RegionCategory Category(int allocation) => Regions.Categories[_first[allocation]];

    /// <summary>First address of an allocation.</summary>
    public ulong Address(int allocation) => Regions.Addresses[_first[allocation]];

    /// <summary>What an allocation is: its first region's detail.</summary>
    public string DetailText(int allocation) => Regions.DetailText(_first[allocation]);

    /// <summary>Any figure of an allocation, the sum over its regions, in bytes.</summary>
    public long Value(RegionMetric metric, int allocation) => metric switch
    {
        RegionMetric.TotalWs => _metrics[(int)RegionMetric.PrivateWs][allocation] + _metrics[(int)RegionMetric.ShareableWs][allocation],
        RegionMetric.Reserved => _metrics[(int)RegionMetric.Size][allocation] - _metrics[(int)RegionMetric.Committed][allocation],
        _ => _metrics[(int)metric][allocation],
    };

    /// <summary>The allocation that a region row belongs to.</summary>
    public int OfRegion(int row)
    {
        var at = Array.BinarySearch(_first, row);
        return at >= 0 ? at : ~at - 1;
    }

    /// <summary>Groups the rows of a table.</summary>
    public static AllocationTable Of(RegionTable regions)
    {
        var owners = ArrayPool<int>.Shared.Rent(regions.Count);
        var count = FindOwners(regions, owners);
        var first = FindFirst(owners.AsSpan(0, regions.Count), count);
        var metrics = new long[RegionTable.StoredMetrics][];
        for (var metric = 0; metric < metrics.Length; metric++)
        {
            metrics[metric] = Sum(regions.Column((RegionMetric)metric), owners, count);
        }
        ArrayPool<int>.Shared.Return(owners);
        return new AllocationTable(regions, first, UniteProtections(regions.Protections, first), metrics);
    }

    /// <summary>Tells for each row which allocation it belongs to.</summary>
    /// <returns>How many allocations there are.</returns>
    private static int FindOwners(RegionTable regions, Span<int> owners)
    {
        var bases = regions.AllocationBases;
        var categories = regions.Categories;
        var count = 0;
        for (var row = 0; row < bases.Length; row++)
        {
            var starts = row == 0 || bases[row] != bases[row - 1] || categories[row] != categories[row - 1];
            count += starts ? 1 : 0;
            owners[row] = count - 1;
        }
        return count;
    }

    private static int[] FindFirst(ReadOnlySpan<int> owners, int count)
    {
        var first = new int[count + 1];
        first[count] = owners.Length;
        // From the end, so that the first row of each is what remains.
        for (var row = owners.Length - 1; row >= 0; row--)
        {
            first[owners[row]] = row;
        }
        return first;
    }

    // Row by row rather than allocation by allocation: most have a row or two, and so short loops cost more than they sum.
    private static long[] Sum(ReadOnlySpan<long> column, ReadOnlySpan<int> owners, int count)
    {
        var sums = new long[count];
        for (var row = 0; row < column.Length; row++)
        {
            sums[owners[row]] += column[row];
        }
        return sums;
    }

    private static Protection[] UniteProtections(ReadOnlySpan<Protection> protections, ReadOnlySpan<int> first)
    {
        var united = new Protection[first.Length - 1];
        for (var allocation = 0; allocation < united.Length; allocation++)
        {
            var union = protections[first[allocation]];
            for (var row = first[allocation] + 1; row < first[allocation + 1]; row++)
            {
                // "Reserved" describes an allocation only when nothing of it is committed.
                var own = protections[row];
                union = union == Protection.Reserved ? own : own == Protection.Reserved ? union : union | own;
            }
            united[allocation] = union;
        }
        return united;
    }
}
