using WebVmMap.Core.Snapshots;

namespace WebVmMap.Hub.Shares;

/// <summary>What a link shows, redacted: all that may reach whoever has it.</summary>
/// <param name="Link">The link.</param>
/// <param name="HostName">The host of the snapshot.</param>
/// <param name="Snapshot">The snapshot; for a comparison, the older one.</param>
/// <param name="Second">For a comparison, the newer one.</param>
public sealed record OpenedShare(SharedLink Link, string HostName, Snapshot Snapshot, OpenedSecond? Second);
