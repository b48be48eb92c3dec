using WebVmMap.Core.Snapshots;

namespace WebVmMap.Hub.Store;

/// <summary>Tells what is live by stack in a process that is snapshotted. Thread-safe.</summary>
public interface ISnapshotBlocks
{
    /// <summary>What is live now; null when the process is not under recording, or its agent does not tell: a snapshot does not fail by that.</summary>
    Task<NewSnapshotBlocks?> TakeAsync(string hostId, Snapshot snapshot, CancellationToken cancellation);
}
