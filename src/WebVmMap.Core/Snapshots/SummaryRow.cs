using WebVmMap.Core.Regions;

namespace WebVmMap.Core.Snapshots;

/// <summary>One row of the summary: the sums of a category, or of all, in bytes.</summary>
/// <param name="Name">Display name of the category, <c>Total</c> or <c>Unaccounted</c>.</param>
/// <param name="Size">Address space taken.</param>
/// <param name="Committed">The part backed by memory, swap or a mapped file.</param>
/// <param name="Private">The part charged to this process alone. Negative only in the Unaccounted row.</param>
/// <param name="PrivateWs">Resident and not shareable.</param>
/// <param name="ShareableWs">Resident and shareable.</param>
/// <param name="SharedWs">The part of Shareable WS that another process has mapped.</param>
/// <param name="LockedWs">Resident and locked.</param>
/// <param name="Pss">Proportional set size (Linux).</param>
/// <param name="Swap">Swapped out (Linux).</param>
/// <param name="Blocks">How many regions.</param>
/// <param name="Largest">The largest region; for Free the largest block that could be allocated.</param>
public sealed record SummaryRow(
    string Name,
    long Size,
    long Committed,
    long Private,
    long PrivateWs,
    long ShareableWs,
    long SharedWs,
    long LockedWs,
    long Pss,
    long Swap,
    int Blocks,
    long Largest)
{
    /// <summary>Private WS + Shareable WS.</summary>
    public long TotalWs => PrivateWs + ShareableWs;

    /// <summary>Size - Committed.</summary>
    public long Reserved => Size - Committed;

    /// <summary>Any figure by its metric, in bytes.</summary>
    public long Value(RegionMetric metric) => metric switch
    {
        RegionMetric.Size => Size,
        RegionMetric.Committed => Committed,
        RegionMetric.Private => Private,
        RegionMetric.PrivateWs => PrivateWs,
        RegionMetric.ShareableWs => ShareableWs,
        RegionMetric.SharedWs => SharedWs,
        RegionMetric.LockedWs => LockedWs,
        RegionMetric.Pss => Pss,
        RegionMetric.Swap => Swap,
        RegionMetric.TotalWs => TotalWs,
        RegionMetric.Reserved => Reserved,
        _ => throw new ArgumentOutOfRangeException(nameof(metric), metric, null),
    };
}
