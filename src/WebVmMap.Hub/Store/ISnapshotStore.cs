using WebVmMap.Core.Snapshots;

namespace WebVmMap.Hub.Store;

/// <summary>Where snapshots are kept. What <see cref="AddAsync"/> has returned for is on disk. Thread-safe.</summary>
public interface ISnapshotStore
{
    /// <summary>Keeps a snapshot.</summary>
    Task<StoredSnapshot> AddAsync(Snapshot snapshot, string hostId, string hostName, string label, CancellationToken cancellation);

    /// <summary>What is known of one, or null when there is none of that id.</summary>
    Task<StoredSnapshot?> FindAsync(string id, CancellationToken cancellation);

    /// <summary>One with all its regions, or null when there is none of that id. The last ones read are kept in memory.</summary>
    Task<Snapshot?> LoadAsync(string id, CancellationToken cancellation);

    /// <summary>Those that match, newest first.</summary>
    Task<IReadOnlyList<StoredSnapshot>> ListAsync(SnapshotQuery query, CancellationToken cancellation);
}
