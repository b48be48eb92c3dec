using WebVmMap.Core.Processes;
using WebVmMap.Core.Regions;
using WebVmMap.Core.Snapshots;

namespace WebVmMap.Hub.Api;

/// <summary>The regions of a snapshot as the API tells them: allocations with their blocks.</summary>
internal static class RegionList
{
    /// <summary>
    /// The allocations that hold a matching region, each with its matching regions. An allocation's figures are the sums of
    /// the regions listed under it, so a filtered list adds up too. Made one by one while it is written.
    /// </summary>
    public static IEnumerable<RegionDto> Of(Snapshot snapshot, RegionCategory? category, RegionFilter filter)
    {
        var allocations = snapshot.Allocations;
        var regions = allocations.Regions;
        for (var allocation = 0; allocation < allocations.Count; allocation++)
        {
            if (category is { } wanted && allocations.Category(allocation) != wanted)
            {
                continue;
            }
            var blocks = new List<RegionDto>();
            var protection = Protection.Reserved;
            for (var row = allocations.FirstRegion[allocation]; row < allocations.FirstRegion[allocation + 1]; row++)
            {
                if (filter.IsEmpty || filter.Matches(regions, row, snapshot.Platform))
                {
                    blocks.Add(Block(regions, row, snapshot.Platform));
                    protection = Union(protection, regions.Protections[row]);
                }
            }
            if (blocks.Count == 1)
            {
                yield return blocks[0];
            }
            else if (blocks.Count > 1)
            {
                yield return Sum(blocks, ProtectionText.Format(protection, snapshot.Platform), allocations.DetailText(allocation));
            }
        }
    }

    // As Core has it: "Reserved" describes an allocation only when nothing of it is committed.
    private static Protection Union(Protection union, Protection own) =>
        union == Protection.Reserved ? own : own == Protection.Reserved ? union : union | own;

    /// <summary>One region as a block without children.</summary>
    public static RegionDto Block(RegionTable regions, int row, HostPlatform platform) => new()
    {
        Address = $"0x{regions.Addresses[row]:x}",
        Size = regions.Sizes[row],
        Category = regions.Categories[row].DisplayName(),
        Reserved = regions.Value(RegionMetric.Reserved, row),
        Committed = regions.Value(RegionMetric.Committed, row),
        Private = regions.Value(RegionMetric.Private, row),
        TotalWs = regions.Value(RegionMetric.TotalWs, row),
        PrivateWs = regions.Value(RegionMetric.PrivateWs, row),
        ShareableWs = regions.Value(RegionMetric.ShareableWs, row),
        SharedWs = regions.Value(RegionMetric.SharedWs, row),
        LockedWs = regions.Value(RegionMetric.LockedWs, row),
        Pss = regions.Value(RegionMetric.Pss, row),
        Swap = regions.Value(RegionMetric.Swap, row),
        Blocks = 1,
        Protection = regions.Categories[row].IsGap() ? "" : ProtectionText.Format(regions.Protections[row], platform),
        Details = regions.DetailText(row),
    };

    private static RegionDto Sum(List<RegionDto> blocks, string protection, string details) => new()
    {
        Address = blocks[0].Address,
        Size = blocks.Sum(b => b.Size),
        Category = blocks[0].Category,
        Reserved = blocks.Sum(b => b.Reserved),
        Committed = blocks.Sum(b => b.Committed),
        Private = blocks.Sum(b => b.Private),
        TotalWs = blocks.Sum(b => b.TotalWs),
        PrivateWs = blocks.Sum(b => b.PrivateWs),
        ShareableWs = blocks.Sum(b => b.ShareableWs),
        SharedWs = blocks.Sum(b => b.SharedWs),
        LockedWs = blocks.Sum(b => b.LockedWs),
        Pss = blocks.Sum(b => b.Pss),
        Swap = blocks.Sum(b => b.Swap),
        Blocks = blocks.Count,
        Protection = protection,
        Details = details,
        Children = blocks,
    };
}
