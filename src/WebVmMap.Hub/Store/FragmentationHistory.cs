using WebVmMap.Core.Processes;

namespace WebVmMap.Hub.Store;

/// <summary>Follows the fragmentation of a process through its kept snapshots. Thread-safe.</summary>
public sealed class FragmentationHistory(ISnapshotStore store)
{
    /// <summary>So many snapshots are read at most: each is decoded for it, some ten milliseconds for 100,000 regions.</summary>
    public const int MaximumMoments = 50;

    /// <summary>The newest moments of one life of a process, oldest first.</summary>
    /// <param name="host">Id of the host.</param>
    /// <param name="process">The process: one of the same id that started at another time is another.</param>
    /// <param name="most">How many, 0 to <see cref="MaximumMoments"/>.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="StoreException">The database refused.</exception>
    public async Task<IReadOnlyList<FragmentationMoment>> OfAsync(string host, ProcessKey process, int most, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(most, MaximumMoments);
        var moments = new List<FragmentationMoment>();
        if (most <= 0)
        {
            return moments;
        }
        var query = new SnapshotQuery { HostId = host, Pid = process.Pid, StartStamp = process.StartStamp, Take = most };
        foreach (var stored in await store.ListAsync(query, cancellation).ConfigureAwait(false))
        {
            // One that is deleted meanwhile is left out.
            if (await store.LoadAsync(stored.Id, cancellation).ConfigureAwait(false) is { } snapshot)
            {
                moments.Add(FragmentationMoment.Of(stored.Id, snapshot) with { TakenAt = stored.TakenAt });
            }
        }
        moments.Reverse();
        return moments;
    }
}
