using WebVmMap.Core.Snapshots;
using WebVmMap.Hub.Recordings;

namespace WebVmMap.Hub.Shares;

/// <summary>A snapshot, or a comparison of two, behind a link.</summary>
/// <param name="Link">The link.</param>
/// <param name="HostName">The host of the snapshot.</param>
/// <param name="Snapshot">The snapshot; for a comparison, the older one.</param>
/// <param name="Blocks">Reads what was live by stack then, under the snapshot's id, as <see cref="ISnapshotRecordings.ReadAsync"/> does; null where that was not kept, and for a comparison.</param>
/// <param name="Second">For a comparison, the newer one.</param>
public sealed record OpenedSnapshot(SharedLink Link, string HostName, Snapshot Snapshot, Func<CancellationToken, Task<IRecordingReader?>>? Blocks, OpenedSecond? Second) : OpenedShare(Link);
