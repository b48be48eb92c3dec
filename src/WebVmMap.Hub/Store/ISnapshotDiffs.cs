namespace WebVmMap.Hub.Store;

/// <summary>Compares kept snapshots. Thread-safe.</summary>
public interface ISnapshotDiffs
{
    /// <summary>What changed from one kept snapshot to another. The last few answers are kept in memory.</summary>
    /// <param name="before">Id of the older one, or of the one to compare with.</param>
    /// <param name="after">Id of the newer one.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <exception cref="StoreException">The database refused.</exception>
    Task<StoredDiff> CompareAsync(string before, string after, CancellationToken cancellation);
}
