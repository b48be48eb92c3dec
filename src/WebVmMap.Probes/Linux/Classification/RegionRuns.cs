using WebVmMap.Core.Regions;
using WebVmMap.Probes.Linux.Smaps;

namespace WebVmMap.Probes.Linux.Classification;

/// <summary>Small questions about neighbouring regions.</summary>
internal static class RegionRuns
{
    /// <summary>True when a region begins where the one before it ends.</summary>
    public static bool FollowsPrevious(ReadOnlySpan<SmapsRegion> regions, int index) =>
        index > 0 && regions[index - 1].End == regions[index].Start;

    /// <summary>How many runs of neighbouring regions there are: one gap more than that at most.</summary>
    public static int Count(ReadOnlySpan<SmapsRegion> regions)
    {
        var runs = 0;
        for (var i = 0; i < regions.Length; i++)
        {
            runs += FollowsPrevious(regions, i) ? 0 : 1;
        }
        return runs;
    }

    /// <summary>The region that holds an address.</summary>
    /// <returns>Its index, or -1.</returns>
    public static int Find(ReadOnlySpan<SmapsRegion> regions, ulong address)
    {
        int low = 0, high = regions.Length;
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (regions[middle].End <= address)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }
        return low < regions.Length && regions[low].Start <= address ? low : -1;
    }

    /// <summary>Says what a region is.</summary>
    public static void Mark(ref SmapsRegion region, RegionCategory category, ulong allocationBase, int detail)
    {
        region.Category = category;
        region.AllocationBase = allocationBase;
        region.Detail = detail;
    }

    /// <summary>Anonymous, private, without a name, and nothing has claimed it yet.</summary>
    public static bool IsUnclaimed(in SmapsRegion region) => region.Category == RegionCategory.PrivateData && region.IsUnnamedAnonymous && region.Detail == 0;
}
