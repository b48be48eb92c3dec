using System.Globalization;
using Microsoft.EntityFrameworkCore;
using WebVmMap.Hub.Recordings;
using WebVmMap.Hub.Store;

namespace WebVmMap.Hub.Retention;

/// <summary>
/// Every few minutes empties the bin, lets go what is over the limits, and gives the room back: in small steps, each a transaction of
/// its own, so that nobody waits for it.
/// </summary>
internal sealed partial class RetentionKeeper(
    HubDatabase database, RecordingBook recordings, DatabaseSpace space, DiskReserve reserve, AuditLog audit, TimeProvider time, ILogger<RetentionKeeper> logger) : BackgroundService
{
    /// <summary>From the end of one round to the begin of the next.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromMinutes(3);

    /// <summary>How long a deleted snapshot can be taken back.</summary>
    public static readonly TimeSpan BinTime = TimeSpan.FromMinutes(15);

    // Its name in the audit.
    private const string Keeper = "retention";

    private const int RowsPerStep = 50;

    /// <summary>One round.</summary>
    /// <exception cref="StoreException">The database refused.</exception>
    public async Task RunAsync(CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var gone = await EmptyBinAsync(now - BinTime, cancellation).ConfigureAwait(false);
        foreach (var host in await database.UseAsync(context => context.Snapshots.Select(s => s.HostId).Distinct().ToListAsync(cancellation), cancellation).ConfigureAwait(false))
        {
            gone += await KeepHostAsync(host, now, cancellation).ConfigureAwait(false);
        }
        gone += await KeepRecordingsAsync(now, cancellation).ConfigureAwait(false);
        if (gone > 0)
        {
            while (await database.FreeAsync(context => space.ShrinkAsync(context, cancellation), cancellation).ConfigureAwait(false))
            {
            }
        }
        await reserve.HoldAsync(cancellation).ConfigureAwait(false);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (true)
            {
                try
                {
                    await RunAsync(stoppingToken).ConfigureAwait(false);
                }
                catch (StoreException ex)
                {
                    Log.Refused(logger, ex.Message);
                }
                await Task.Delay(Period, time, stoppingToken).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The hub ends.
        }
    }

    private async Task<int> EmptyBinAsync(DateTimeOffset deletedBefore, CancellationToken cancellation)
    {
        var gone = 0;
        while (true)
        {
            var step = await database.FreeAsync(async context =>
            {
                var ids = await context.Snapshots.IgnoreQueryFilters().Where(s => s.DeletedAt <= deletedBefore).Select(s => s.Id).Take(RowsPerStep)
                    .ToListAsync(cancellation).ConfigureAwait(false);
                // What was taken back since is left out.
                return await context.Snapshots.IgnoreQueryFilters().Where(s => ids.Contains(s.Id) && s.DeletedAt <= deletedBefore)
                    .ExecuteDeleteAsync(cancellation).ConfigureAwait(false);
            }, cancellation).ConfigureAwait(false);
            gone += step;
            if (step == 0)
            {
                return gone;
            }
        }
    }

    private async Task<int> KeepHostAsync(string hostId, DateTimeOffset now, CancellationToken cancellation)
    {
        var excess = await database.UseAsync(async context =>
        {
            var settings = await RetentionBook.ReadAsync(context, cancellation).ConfigureAwait(false);
            var kept = await context.Snapshots.Where(s => s.HostId == hostId && !s.Pinned).OrderByDescending(s => s.TakenAt).ThenByDescending(s => s.Id)
                .Select(s => new KeptItem(s.Id, s.TakenAt, s.StoredBytes)).ToListAsync(cancellation).ConfigureAwait(false);
            return RetentionPlan.Excess(kept, settings, now);
        }, cancellation).ConfigureAwait(false);
        var gone = 0;
        foreach (var step in excess.Chunk(RowsPerStep))
        {
            gone += await database.FreeAsync(async context =>
            {
                var ids = step.Select(e => e.Item.Id).ToList();
                // What was pinned since stays.
                return await context.Snapshots.Where(s => ids.Contains(s.Id) && !s.Pinned).ExecuteDeleteAsync(cancellation).ConfigureAwait(false);
            }, cancellation).ConfigureAwait(false);
        }
        if (gone > 0)
        {
            var reasons = string.Join(", ", excess.GroupBy(e => e.Reason).Select(g => string.Create(CultureInfo.InvariantCulture, $"{g.Count()} by {g.Key}").ToLowerInvariant()));
            await audit.WriteAsync(Keeper, AuditActions.SnapshotDeleted, hostId, string.Create(CultureInfo.InvariantCulture, $"{gone} over the limits: {reasons}"), cancellation).ConfigureAwait(false);
        }
        return gone;
    }

    // Each is large, and none of them can be taken back: the audit names every one.
    private async Task<int> KeepRecordingsAsync(DateTimeOffset now, CancellationToken cancellation)
    {
        var settings = await database.UseAsync(context => RetentionBook.ReadAsync(context, cancellation), cancellation).ConfigureAwait(false);
        var gone = 0;
        foreach (var host in recordings.All.Families().Where(family => family.IsLoose).GroupBy(family => family.First.HostId))
        {
            var kept = host.Select(family => new KeptItem(family.First.Id, family.First.StartedAt, family.LooseBytes)).ToList();
            foreach (var (item, reason) in RetentionPlan.Excess(kept, settings.Recordings, now))
            {
                gone += await recordings.LetGoAsync(item.Id, Keeper, reason.ToString().ToLowerInvariant(), cancellation).ConfigureAwait(false) ? 1 : 0;
            }
        }
        return gone;
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 70, EventName = "RetentionRefused", Level = LogLevel.Warning, Message = "What is over the limits could not be let go. {Reason}")]
        public static partial void Refused(ILogger logger, string reason);
    }
}
