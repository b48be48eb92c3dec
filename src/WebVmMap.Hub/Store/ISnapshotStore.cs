using WebVmMap.Core.Snapshots;

namespace WebVmMap.Hub.Store;

/// <summary>
/// Where snapshots are kept. What <see cref="AddAsync"/> has returned for is on disk. Every member throws
/// <see cref="StoreException"/> when the database refuses. Thread-safe.
/// </summary>
public interface ISnapshotStore
{
    /// <summary>Keeps a snapshot.</summary>
    Task<StoredSnapshot> AddAsync(NewSnapshot snapshot, CancellationToken cancellation);

    /// <summary>What is known of one, or null when there is none of that id.</summary>
    Task<StoredSnapshot?> FindAsync(string id, CancellationToken cancellation);

    /// <summary>One with all its regions, or null when there is none of that id. The last ones read are kept in memory.</summary>
    Task<Snapshot?> LoadAsync(string id, CancellationToken cancellation);

    /// <summary>Those that match, newest first unless the query says otherwise.</summary>
    Task<IReadOnlyList<StoredSnapshot>> ListAsync(SnapshotQuery query, CancellationToken cancellation);

    /// <summary>How many match, whatever part of them the query asks for.</summary>
    Task<int> CountAsync(SnapshotQuery query, CancellationToken cancellation);

    /// <summary>Changes the words about one, or its pin; null when there is none of that id.</summary>
    /// <exception cref="ArgumentException">The change has a <see cref="SnapshotChange.Problem"/>.</exception>
    Task<StoredSnapshot?> ChangeAsync(string id, SnapshotChange change, CancellationToken cancellation);

    /// <summary>Puts one into the bin: it is gone for everybody, and for good when the bin is emptied.</summary>
    /// <param name="id">Which.</param>
    /// <param name="who">Name of the person or key that deletes it, for the audit.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <returns>False when there is none of that id.</returns>
    Task<bool> DeleteAsync(string id, string who, CancellationToken cancellation);

    /// <summary>Takes one out of the bin; false when it is not there (any more).</summary>
    Task<bool> RestoreAsync(string id, string who, CancellationToken cancellation);
}
