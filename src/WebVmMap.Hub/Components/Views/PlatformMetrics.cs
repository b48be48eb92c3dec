using WebVmMap.Core.Processes;
using WebVmMap.Core.Regions;

namespace WebVmMap.Hub.Components.Views;

/// <summary>Which columns a system fills, in the order tables show them.</summary>
public static class PlatformMetrics
{
    private static readonly RegionMetric[] s_everywhere =
    [
        RegionMetric.Size, RegionMetric.Committed, RegionMetric.Private, RegionMetric.TotalWs, RegionMetric.PrivateWs,
        RegionMetric.ShareableWs, RegionMetric.SharedWs, RegionMetric.LockedWs,
    ];

    private static readonly RegionMetric[] s_linux = [.. s_everywhere, RegionMetric.Pss, RegionMetric.Swap, RegionMetric.Reserved];
    private static readonly RegionMetric[] s_other = [.. s_everywhere, RegionMetric.Reserved];

    /// <summary>The metrics of a platform.</summary>
    public static IReadOnlyList<RegionMetric> Of(HostPlatform platform) => platform == HostPlatform.Linux ? s_linux : s_other;
}
