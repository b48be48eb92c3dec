using WebVmMap.Core.Regions;

namespace WebVmMap.Hub.Store;

/// <summary>
/// Follows processes through their kept snapshots, which are read one after the other. Beyond <see cref="MaximumSnapshots"/> the first,
/// the last and evenly spread ones between them are taken. The trends told last are kept in memory for a while. Thread-safe.
/// </summary>
public interface ISnapshotTrends
{
    /// <summary>So many snapshots are looked at.</summary>
    const int MaximumSnapshots = 200;

    /// <summary>Through the snapshots of these ids, in the order of time.</summary>
    /// <param name="ids">Which.</param>
    /// <param name="metric">The figure to follow.</param>
    /// <param name="progress">Told before the first and after each snapshot that is read; null for nobody.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="StoreException">The database refused.</exception>
    Task<StoredTrend> OfAsync(IReadOnlyCollection<string> ids, RegionMetric metric, IProgress<TrendProgress>? progress, CancellationToken cancellation);

    /// <summary>Through the newest 5,000 snapshots of a process.</summary>
    /// <param name="host">Id of the host.</param>
    /// <param name="pid">Id of the process.</param>
    /// <param name="started">When it started, to the second; null for the process of that id that has the newest snapshot.</param>
    /// <param name="metric">The figure to follow.</param>
    /// <param name="progress">Told before the first and after each snapshot that is read; null for nobody.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="StoreException">The database refused.</exception>
    Task<StoredTrend> OfProcessAsync(string host, int pid, DateTimeOffset? started, RegionMetric metric, IProgress<TrendProgress>? progress, CancellationToken cancellation);
}
