using WebVmMap.Hub.Live;

namespace WebVmMap.Hub.Components.Views;

/// <summary>Where a canvas gets its regions: a live process or a kept snapshot.</summary>
/// <param name="Live">The process; null for a kept snapshot.</param>
/// <param name="SnapshotId">The snapshot; null for a live process.</param>
public sealed record RegionSource(LiveProcessAddress? Live, string? SnapshotId)
{
    /// <summary>A live process.</summary>
    public static RegionSource Of(LiveProcessAddress process) => new(process, null);

    /// <summary>A kept snapshot.</summary>
    public static RegionSource Of(string snapshotId) => new(null, snapshotId);
}
