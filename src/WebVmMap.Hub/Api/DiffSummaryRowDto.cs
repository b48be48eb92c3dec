using WebVmMap.Core.Diffs;
using WebVmMap.Core.Regions;

namespace WebVmMap.Hub.Api;

/// <summary>A category, or all, before and after.</summary>
/// <param name="Category">Its name.</param>
/// <param name="Before">Its sums in the older snapshot.</param>
/// <param name="After">Its sums in the newer snapshot.</param>
/// <param name="Delta">After - before of every column.</param>
internal sealed record DiffSummaryRowDto(string Category, SummaryRowDto Before, SummaryRowDto After, SummaryRowDto Delta)
{
    public static DiffSummaryRowDto Of(DiffSummaryRow row) => new(row.Name, SummaryRowDto.Of(row.Before), SummaryRowDto.Of(row.After), DeltaOf(row));

    private static SummaryRowDto DeltaOf(DiffSummaryRow row) => new(
        row.Name,
        row.Delta(RegionMetric.Size), row.Delta(RegionMetric.Reserved), row.Delta(RegionMetric.Committed), row.Delta(RegionMetric.Private),
        row.Delta(RegionMetric.TotalWs), row.Delta(RegionMetric.PrivateWs), row.Delta(RegionMetric.ShareableWs), row.Delta(RegionMetric.SharedWs),
        row.Delta(RegionMetric.LockedWs), row.Delta(RegionMetric.Pss), row.Delta(RegionMetric.Swap), row.DeltaBlocks, row.DeltaLargest);
}
