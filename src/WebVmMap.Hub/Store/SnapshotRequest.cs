using WebVmMap.Hub.Live;

namespace WebVmMap.Hub.Store;

/// <summary>A wish for a new snapshot.</summary>
/// <param name="Address">Of which process.</param>
/// <param name="Label">The user's words for it; empty when none. At most 200 characters.</param>
public sealed record SnapshotRequest(LiveProcessAddress Address, string Label);
