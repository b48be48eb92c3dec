using WebVmMap.Core.Snapshots;

namespace WebVmMap.Hub.Store;

/// <summary>The short way to keep a snapshot.</summary>
public static class SnapshotStoreExtensions
{
    /// <summary>Keeps a snapshot that somebody asked for.</summary>
    /// <exception cref="StoreException">The database refused.</exception>
    public static Task<StoredSnapshot> AddAsync(
        this ISnapshotStore store, Snapshot snapshot, string hostId, string hostName, string label, CancellationToken cancellation) =>
        store.AddAsync(new NewSnapshot { Snapshot = snapshot, HostId = hostId, HostName = hostName, Label = label }, cancellation);
}
