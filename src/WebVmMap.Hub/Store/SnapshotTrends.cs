using System.Globalization;
using WebVmMap.Core.Regions;
using WebVmMap.Core.Trends;

namespace WebVmMap.Hub.Store;

/// <summary>Follows processes through the snapshots of the store.</summary>
internal sealed class SnapshotTrends(ISnapshotStore store) : ISnapshotTrends, IDisposable
{
    private const int MaximumListed = 5_000;
    private const int PageSize = 500;

    // The start is told to the second by some systems, and an agent that starts anew may work it out a little differently.
    private static readonly TimeSpan s_sameStart = TimeSpan.FromSeconds(2);

    private readonly RecentTrends _recent = new();

    public void Dispose() => _recent.Dispose();

    public async Task<StoredTrend> OfAsync(IReadOnlyCollection<string> ids, RegionMetric metric, IProgress<TrendProgress>? progress, CancellationToken cancellation)
    {
        var found = new List<StoredSnapshot>();
        foreach (var id in ids.Distinct(StringComparer.Ordinal))
        {
            if (await store.FindAsync(id, cancellation).ConfigureAwait(false) is not { } stored)
            {
                return new StoredTrend { Missing = id };
            }
            found.Add(stored);
        }
        var one = found.FirstOrDefault();
        return found.Find(stored => stored.HostId != one!.HostId || stored.Process.Key != one.Process.Key) is { } other
            ? new StoredTrend
            {
                Available = found.Count,
                Refusal = $"A trend is of one process: the snapshots {one!.Id} and {other.Id} are of different ones.",
            }
            : await FollowAsync(found, metric, progress, cancellation).ConfigureAwait(false);
    }

    public async Task<StoredTrend> OfProcessAsync(string host, int pid, DateTimeOffset? started, RegionMetric metric, IProgress<TrendProgress>? progress, CancellationToken cancellation)
    {
        var listed = new List<StoredSnapshot>();
        while (listed.Count < MaximumListed)
        {
            var page = await store.ListAsync(
                new SnapshotQuery { HostId = host, Pid = pid, Skip = listed.Count, Take = PageSize }, cancellation).ConfigureAwait(false);
            listed.AddRange(page);
            if (page.Count < PageSize)
            {
                break;
            }
        }
        var process = listed.Find(stored => started is not { } start || (stored.Process.StartTime - start).Duration() <= s_sameStart)?.Process.Key;
        return await FollowAsync([.. listed.Where(stored => stored.Process.Key == process)], metric, progress, cancellation).ConfigureAwait(false);
    }

    private async Task<StoredTrend> FollowAsync(List<StoredSnapshot> found, RegionMetric metric, IProgress<TrendProgress>? progress, CancellationToken cancellation)
    {
        List<StoredSnapshot> taken = [.. Spread([.. found.OrderBy(stored => stored.TakenAt)])];
        var result = new StoredTrend { Snapshots = taken, Available = found.Count };
        if (taken.Count < TrendBuilder.MinSnapshots)
        {
            return result with { Refusal = string.Create(CultureInfo.InvariantCulture, $"A trend needs at least {TrendBuilder.MinSnapshots} snapshots of a process; there are {taken.Count}. Take more, some time apart.") };
        }
        if (_recent.Find(taken, metric) is { } told)
        {
            return result with { Trend = told };
        }
        var builder = new TrendBuilder(metric);
        progress?.Report(new TrendProgress(0, taken.Count));
        for (var i = 0; i < taken.Count; i++)
        {
            // What is decoded already is had at once: nothing else would see that nobody waits any more.
            cancellation.ThrowIfCancellationRequested();
            var stored = taken[i];
            if (await store.LoadAsync(stored.Id, cancellation).ConfigureAwait(false) is not { } snapshot)
            {
                return new StoredTrend { Missing = stored.Id };
            }
            builder.Add(snapshot);
            progress?.Report(new TrendProgress(i + 1, taken.Count));
        }
        var trend = builder.Build();
        _recent.Add(taken, metric, trend);
        return result with { Trend = trend };
    }

    private static IEnumerable<StoredSnapshot> Spread(List<StoredSnapshot> ascending)
    {
        const int Most = ISnapshotTrends.MaximumSnapshots;
        return ascending.Count <= Most
            ? ascending
            : Enumerable.Range(0, Most).Select(i => ascending[(int)((long)i * (ascending.Count - 1) / (Most - 1))]);
    }
}
