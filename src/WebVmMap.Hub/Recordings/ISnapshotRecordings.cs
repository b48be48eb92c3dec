using WebVmMap.Hub.Store;

namespace WebVmMap.Hub.Recordings;

/// <summary>What was live by stack when snapshots were taken of processes under recording. Thread-safe.</summary>
public interface ISnapshotRecordings
{
    /// <summary>Whether one is kept of a snapshot; nothing of it is read.</summary>
    /// <exception cref="StoreException">The database refused.</exception>
    Task<bool> HasAsync(string snapshotId, CancellationToken cancellation);

    /// <summary>That of one snapshot, as a recording of that moment alone under the snapshot's id; null when none is kept, or the snapshot is gone.</summary>
    /// <exception cref="StoreException">The database refused.</exception>
    /// <exception cref="InvalidDataException">What is stored is damaged.</exception>
    Task<IRecordingReader?> ReadAsync(string snapshotId, CancellationToken cancellation);
}
