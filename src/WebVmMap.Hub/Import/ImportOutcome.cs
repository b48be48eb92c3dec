using WebVmMap.Core.Import;
using WebVmMap.Hub.Store;

namespace WebVmMap.Hub.Import;

/// <summary>What became of a file.</summary>
/// <param name="Format">What it was.</param>
/// <param name="Stored">Its snapshots as they are kept now; at least one.</param>
public sealed record ImportOutcome(SnapshotFileFormat Format, IReadOnlyList<StoredSnapshot> Stored);
