using WebVmMap.Core.Snapshots;

namespace WebVmMap.Hub.Api;

/// <summary>Sums of a category, or of all, in bytes.</summary>
internal sealed record SummaryRowDto(
    string Category, long Size, long Reserved, long Committed, long Private, long TotalWs, long PrivateWs, long ShareableWs, long SharedWs, long LockedWs,
    long Pss, long Swap, int Blocks, long Largest)
{
    public static SummaryRowDto Of(SummaryRow row) => new(
        row.Name, row.Size, row.Reserved, row.Committed, row.Private, row.TotalWs, row.PrivateWs, row.ShareableWs, row.SharedWs, row.LockedWs,
        row.Pss, row.Swap, row.Blocks, row.Largest);
}
