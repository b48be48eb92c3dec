namespace WebVmMap.Hub.Store;

/// <summary>Has an agent take a snapshot and keeps it. Thread-safe.</summary>
public interface ISnapshotTaker
{
    /// <summary>Takes one; returns when it is stored or cannot be had.</summary>
    Task<SnapshotOutcome> TakeAsync(SnapshotRequest request, CancellationToken cancellation);
}
