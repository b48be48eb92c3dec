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
        var count = 0;
        for (var row = 0; row < regions.Count; row++)
        {
            count += StartsAllocation(regions, row) ? 1 : 0;
        }
        var first = new int[count + 1];
        var protection = new Protection[count];
        var metrics = new long[RegionTable.StoredMetrics][];
        var next = 0;
        for (var row = 0; row < regions.Count; row++)
        {
            if (StartsAllocation(regions, row))
            {
                first[next] = row;
                protection[next++] = regions.Protections[row];
            }
            else
            {
                // "Reserved" describes an allocation only when nothing of it is committed.
                ref var union = ref protection[next - 1];
                var own = regions.Protections[row];
                union = union == Protection.Reserved ? own : own == Protection.Reserved ? union : union | own;
            }
        }
        first[count] = regions.Count;
        for (var metric = 0; metric < metrics.Length; metric++)
        {
            var column = regions.Column((RegionMetric)metric);
            var sums = metrics[metric] = new long[count];
            for (var allocation = 0; allocation < count; allocation++)
            {
                var sum = 0L;
                foreach (var value in column[first[allocation]..first[allocation + 1]])
                {
                    sum += value;
                }
                sums[allocation] = sum;
            }
        }
        return new AllocationTable(regions, first, protection, metrics);
    }

    private static bool StartsAllocation(RegionTable regions, int row) =>
        row == 0
        || regions.AllocationBases[row] != regions.AllocationBases[row - 1]
        || regions.Categories[row] != regions.Categories[row - 1];
}
