using WebVmMap.Core.Regions;
using WebVmMap.Core.Snapshots;

namespace WebVmMap.Core.Diffs;

/// <summary>A category, or all, before and after. In bytes, but Blocks.</summary>
/// <param name="Name">Display name of the category, <c>Total</c> or <c>Unaccounted</c>.</param>
/// <param name="Before">Its sums in the older snapshot.</param>
/// <param name="After">Its sums in the newer snapshot.</param>
public sealed record DiffSummaryRow(string Name, SummaryRow Before, SummaryRow After)
{
    /// <summary>How many blocks more there are; negative when fewer.</summary>
    public int DeltaBlocks => After.Blocks - Before.Blocks;

    /// <summary>By how much the largest block is larger, in bytes.</summary>
    public long DeltaLargest => After.Largest - Before.Largest;

    /// <summary>After - before of any figure, in bytes.</summary>
    public long Delta(RegionMetric metric) => After.Value(metric) - Before.Value(metric);
}
