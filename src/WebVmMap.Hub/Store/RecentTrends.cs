using Microsoft.Extensions.Caching.Memory;
using WebVmMap.Core.Regions;
using WebVmMap.Core.Trends;

namespace WebVmMap.Hub.Store;

/// <summary>
/// The trends that were told last, for whoever comes back to one: snapshots never change, so neither does a trend through the same ones.
/// Bounded by the figures that they hold. Thread-safe.
/// </summary>
internal sealed class RecentTrends : IDisposable
{
    // Of eight bytes each: at most 16 MiB.
    private const int MaximumFigures = 2 << 20;

    private static readonly TimeSpan s_unused = TimeSpan.FromMinutes(10);

    private readonly MemoryCache _cache = new(new MemoryCacheOptions { SizeLimit = MaximumFigures });

    /// <summary>The trend through these snapshots, if it is kept.</summary>
    public Trend? Find(IEnumerable<StoredSnapshot> snapshots, RegionMetric metric) => _cache.Get<Trend>(Key(snapshots, metric));

    /// <summary>Keeps one for a while.</summary>
    public void Add(IReadOnlyCollection<StoredSnapshot> snapshots, RegionMetric metric, Trend trend) => _cache.Set(
        Key(snapshots, metric), trend,
        new MemoryCacheEntryOptions { Size = (1L + trend.Suspects.Length) * snapshots.Count, SlidingExpiration = s_unused });

    public void Dispose() => _cache.Dispose();

    private static string Key(IEnumerable<StoredSnapshot> snapshots, RegionMetric metric) => $"{metric} {string.Join(' ', snapshots.Select(snapshot => snapshot.Id))}";
}
