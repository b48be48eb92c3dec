using WebVmMap.Core.Snapshots;

namespace WebVmMap.Hub.Shares;

/// <summary>A snapshot, or a comparison of two, behind a link.</summary>
/// <param name="Link">The link.</param>
/// <param name="HostName">The host of the snapshot.</param>
/// <param name="Snapshot">The snapshot; for a comparison, the older one.</param>
/// <param name="Second">For a comparison, the newer one.</param>
public sealed record OpenedSnapshot(SharedLink Link, string HostName, Snapshot Snapshot, OpenedSecond? Second) : OpenedShare(Link);
