using WebVmMap.Core.Regions;

namespace WebVmMap.Hub.Api;

/// <summary>Every figure of a region, or what it differs by, in bytes.</summary>
internal sealed record FiguresDto(
    long Size, long Reserved, long Committed, long Private, long TotalWs, long PrivateWs, long ShareableWs, long SharedWs, long LockedWs, long Pss, long Swap)
{
    public static FiguresDto Of(Func<RegionMetric, long> value) => new(
        value(RegionMetric.Size), value(RegionMetric.Reserved), value(RegionMetric.Committed), value(RegionMetric.Private), value(RegionMetric.TotalWs),
        value(RegionMetric.PrivateWs), value(RegionMetric.ShareableWs), value(RegionMetric.SharedWs), value(RegionMetric.LockedWs),
        value(RegionMetric.Pss), value(RegionMetric.Swap));
}
