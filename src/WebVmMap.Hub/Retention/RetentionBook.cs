using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using WebVmMap.Hub.Recordings;
using WebVmMap.Hub.Store;
using WebVmMap.Hub.Store.Records;

namespace WebVmMap.Hub.Retention;

/// <summary>The limits in the database, and what there is. Thread-safe.</summary>
internal sealed class RetentionBook(HubDatabase database, IRecordings recordings, AuditLog audit, DatabaseSpace space) : IRetention
{
    private const string SettingName = "retention";

    public Task<RetentionState> StateAsync(CancellationToken cancellation) => database.UseAsync(async context =>
    {
        var settings = await ReadAsync(context, cancellation).ConfigureAwait(false);
        var groups = await context.Snapshots.GroupBy(s => new { s.HostId, s.Pinned })
            .Select(g => new { g.Key.HostId, g.Key.Pinned, Count = g.Count(), Bytes = g.Sum(s => s.StoredBytes) })
            .ToListAsync(cancellation).ConfigureAwait(false);
        var hosts = new List<HostUsage>();
        foreach (var host in groups.Select(g => g.HostId).Distinct())
        {
            var name = await context.Snapshots.Where(s => s.HostId == host).OrderByDescending(s => s.TakenAt).Select(s => s.HostName).FirstAsync(cancellation).ConfigureAwait(false);
            var next = await context.Snapshots.Where(s => s.HostId == host && !s.Pinned).OrderBy(s => s.TakenAt).ThenBy(s => s.Id)
                .Select(s => new { s.Id, s.TakenAt }).FirstOrDefaultAsync(cancellation).ConfigureAwait(false);
            var (loose, pinned) = (groups.Find(g => g.HostId == host && !g.Pinned), groups.Find(g => g.HostId == host && g.Pinned));
            hosts.Add(new HostUsage(
                host, name, loose?.Count ?? 0, loose?.Bytes ?? 0, pinned?.Count ?? 0, pinned?.Bytes ?? 0, next?.Id, next?.TakenAt,
                next is not null && settings.Days > 0 ? next.TakenAt.AddDays(settings.Days) : null));
        }
        var inBin = await context.Snapshots.IgnoreQueryFilters().CountAsync(s => s.DeletedAt != null, cancellation).ConfigureAwait(false);
        return new RetentionState(
            settings, Sorted(hosts), Sorted(recordings.All.GroupBy(recording => recording.HostId).Select(host => Usage(host, settings.Recordings))),
            await space.ReadAsync(context, cancellation).ConfigureAwait(false), inBin);
    }, cancellation);

    public async Task SetAsync(RetentionSettings settings, string who, CancellationToken cancellation)
    {
        if (settings.Problem is { } problem)
        {
            throw new ArgumentException(problem);
        }
        await database.UseAsync(async context =>
        {
            var value = JsonSerializer.Serialize(settings);
            if (await context.Settings.FirstOrDefaultAsync(s => s.Name == SettingName, cancellation).ConfigureAwait(false) is { } record)
            {
                record.Value = value;
            }
            else
            {
                context.Settings.Add(new SettingRecord { Name = SettingName, Value = value });
            }
            audit.Add(context, who, AuditActions.RetentionChanged, SettingName,
                $"{Words(settings, "snapshots")}; {Words(settings.Recordings, "recordings")} of each host; 0 is no limit");
            return await context.SaveChangesAsync(cancellation).ConfigureAwait(false);
        }, cancellation).ConfigureAwait(false);
    }

    private static string Words(RetentionLimits limits, string what) =>
        string.Create(CultureInfo.InvariantCulture, $"{limits.Days} days, {limits.CountPerHost} {what} and {limits.BytesPerHost} bytes");

    private static ImmutableArray<HostUsage> Sorted(IEnumerable<HostUsage> hosts) =>
        [.. hosts.OrderBy(host => host.HostName, StringComparer.OrdinalIgnoreCase).ThenBy(host => host.HostId, StringComparer.Ordinal)];

    // They come newest first.
    private static HostUsage Usage(IGrouping<string, Recording> host, RetentionLimits limits)
    {
        var loose = host.ToArray().Families().Where(family => family.IsLoose).ToList();
        var pinned = host.Where(recording => recording.Pinned).ToList();
        var next = loose.LastOrDefault()?.First;
        return new HostUsage(
            host.Key, host.First().HostName, loose.Count, loose.Sum(family => family.LooseBytes), pinned.Count, pinned.Sum(recording => recording.StoredBytes),
            next?.Id, next?.StartedAt, next is not null && limits.Days > 0 ? next.StartedAt.AddDays(limits.Days) : null);
    }

    /// <summary>The limits that hold now.</summary>
    public static async Task<RetentionSettings> ReadAsync(HubDbContext context, CancellationToken cancellation)
    {
        var value = await context.Settings.Where(s => s.Name == SettingName).Select(s => s.Value).FirstOrDefaultAsync(cancellation).ConfigureAwait(false);
        return value is null ? new RetentionSettings() : JsonSerializer.Deserialize<RetentionSettings>(value) ?? new RetentionSettings();
    }
}
