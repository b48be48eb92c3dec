using WebVmMap.Hub.Live;

namespace WebVmMap.Hub.Components.Views;

/// <summary>Where a canvas gets its regions: one of a live process, a kept snapshot or a share link.</summary>
/// <param name="Live">The process.</param>
/// <param name="SnapshotId">The snapshot.</param>
/// <param name="ShareSecret">The secret of the link.</param>
public sealed record RegionSource(LiveProcessAddress? Live, string? SnapshotId, string? ShareSecret)
{
    /// <summary>A live process.</summary>
    public static RegionSource Of(LiveProcessAddress process) => new(process, null, null);

    /// <summary>A kept snapshot.</summary>
    public static RegionSource Of(string snapshotId) => new(null, snapshotId, null);

    /// <summary>What a share link shows.</summary>
    public static RegionSource OfShare(string secret) => new(null, null, secret);
}
