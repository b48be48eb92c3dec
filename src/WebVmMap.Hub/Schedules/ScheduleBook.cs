using System.Collections.Immutable;
using Microsoft.EntityFrameworkCore;
using WebVmMap.Hub.Security;
using WebVmMap.Hub.Store;
using WebVmMap.Hub.Store.Records;
using WebVmMap.Hub.Wakes;

namespace WebVmMap.Hub.Schedules;

/// <summary>The schedules: kept in the database, and in memory for those who ask every few seconds. Thread-safe.</summary>
internal sealed class ScheduleBook(HubDatabase database, AuditLog audit, TimeProvider time, ILogger<ScheduleBook> logger) : ISchedules, IDisposable
{
    private const int MaximumError = 1000;

    private readonly WakeupList _wakeups = new(time, logger);

    // One writer at a time; readers take the immutable array.
    private readonly SemaphoreSlim _writing = new(1);
    private ImmutableArray<Schedule> _all = [];

    public ImmutableArray<Schedule> All => _all;

    public IDisposable Subscribe(Action wake) => _wakeups.Add(wake);

    /// <summary>Reads what is kept.</summary>
    /// <exception cref="StoreException">The database refused.</exception>
    public async Task LoadAsync(CancellationToken cancellation)
    {
        var records = await database.UseAsync(context => context.Schedules.AsNoTracking().ToListAsync(cancellation), cancellation).ConfigureAwait(false);
        Put([.. records.Select(ToSchedule)]);
    }

    public Task<Schedule> AddAsync(NewSchedule schedule, string who, CancellationToken cancellation)
    {
        if (schedule.Problem is { } problem)
        {
            throw new ArgumentException(problem);
        }
        return WriteAsync(async context =>
        {
            if (_all.Length >= ISchedules.Maximum)
            {
                throw new ArgumentException($"There are {ISchedules.Maximum} schedules and rules, as many as there may be: delete one first.");
            }
            var record = new ScheduleRecord
            {
                Id = SecretText.NewId(),
                HostId = schedule.HostId,
                ProcessName = schedule.ProcessName,
                Pid = schedule.Pid,
                StartStamp = schedule.StartStamp,
                Trigger = schedule.Trigger,
                Minutes = schedule.Minutes,
                LimitBytes = schedule.LimitBytes,
                Label = schedule.Label,
                Enabled = schedule.Enabled,
                // To the millisecond, as it is stored: moments are counted from it.
                CreatedAt = DateTimeOffset.FromUnixTimeMilliseconds(time.GetUtcNow().ToUnixTimeMilliseconds()),
                CreatedBy = SnapshotLimits.Cut(who, SnapshotLimits.Who),
            };
            context.Schedules.Add(record);
            audit.Add(context, who, AuditActions.ScheduleMade, record.Id, ScheduleText.Of(ToSchedule(record)));
            await context.SaveChangesAsync(cancellation).ConfigureAwait(false);
            var added = ToSchedule(record);
            Put(_all.Add(added));
            return added;
        }, cancellation);
    }

    public Task<Schedule?> ChangeAsync(string id, ScheduleChange change, CancellationToken cancellation) => WriteAsync<Schedule?>(async context =>
    {
        if (await context.Schedules.FirstOrDefaultAsync(s => s.Id == id, cancellation).ConfigureAwait(false) is not { } record)
        {
            return null;
        }
        record.Minutes = change.Minutes ?? record.Minutes;
        record.LimitBytes = change.LimitBytes ?? record.LimitBytes;
        record.Label = change.Label ?? record.Label;
        if (change.Enabled is { } enabled && enabled != record.Enabled)
        {
            record.Enabled = enabled;
            record.LastError = "";
            // The moments of the pause were not missed.
            record.LastTriedAt = enabled ? time.GetUtcNow() : record.LastTriedAt;
        }
        else if (change.Minutes is not null)
        {
            record.LastTriedAt = time.GetUtcNow();
        }
        var changed = ToSchedule(record);
        if (ToNew(changed).Problem is { } problem)
        {
            throw new ArgumentException(problem);
        }
        await context.SaveChangesAsync(cancellation).ConfigureAwait(false);
        Put(changed);
        return changed;
    }, cancellation);

    public Task<bool> DeleteAsync(string id, string who, CancellationToken cancellation) => WriteAsync(async context =>
    {
        if (await context.Schedules.FirstOrDefaultAsync(s => s.Id == id, cancellation).ConfigureAwait(false) is not { } record)
        {
            return false;
        }
        context.Schedules.Remove(record);
        audit.Add(context, who, AuditActions.ScheduleDeleted, id, ScheduleText.Of(ToSchedule(record)));
        await context.SaveChangesAsync(cancellation).ConfigureAwait(false);
        Put(_all.RemoveAll(s => s.Id == id));
        return true;
    }, cancellation);

    /// <summary>
    /// Notes how runs went, and writes it down: all of them in one transaction. One deleted meanwhile is left out. What cannot be written
    /// down is still known to this hub, so that a full disk does not make a schedule try again at once.
    /// </summary>
    /// <exception cref="StoreException">The database refused.</exception>
    public Task ReportAsync(IReadOnlyCollection<ScheduleResult> results, CancellationToken cancellation) => WriteAsync(async context =>
    {
        var reported = results.ToDictionary(r => r.Id);
        Put([.. _all.Select(s => reported.TryGetValue(s.Id, out var result) ? After(s, result) : s)]);
        var ids = reported.Keys.ToList();
        foreach (var record in await context.Schedules.Where(s => ids.Contains(s.Id)).ToListAsync(cancellation).ConfigureAwait(false))
        {
            if (_all.FirstOrDefault(s => s.Id == record.Id) is { } known)
            {
                record.Enabled = known.Enabled;
                record.LastTriedAt = known.LastTriedAt;
                record.LastError = known.LastError;
                record.LastTakenAt = known.LastTakenAt;
                record.LastSnapshotId = known.LastSnapshotId;
                record.TakenCount = known.TakenCount;
                record.SkippedCount = known.SkippedCount;
                record.Firings = RuleFirings.Format(known.Firings);
            }
        }
        return await context.SaveChangesAsync(cancellation).ConfigureAwait(false);
    }, cancellation);

    public void Dispose() => _writing.Dispose();

    private async Task<T> WriteAsync<T>(Func<HubDbContext, Task<T>> write, CancellationToken cancellation)
    {
        await _writing.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            return await database.UseAsync(write, cancellation).ConfigureAwait(false);
        }
        finally
        {
            _writing.Release();
        }
    }

    private void Put(Schedule changed) => Put([.. _all.Select(s => s.Id == changed.Id ? changed : s)]);

    private void Put(ImmutableArray<Schedule> all)
    {
        ImmutableInterlocked.InterlockedExchange(ref _all,
            [.. all.OrderBy(s => s.HostId, StringComparer.Ordinal).ThenBy(s => s.ProcessName, StringComparer.OrdinalIgnoreCase).ThenBy(s => s.CreatedAt)]);
        _wakeups.WakeAll();
    }

    private static Schedule After(Schedule schedule, ScheduleResult result) => schedule with
    {
        Enabled = schedule.Enabled && !result.Pause,
        LastTriedAt = result.TriedAt,
        LastError = SnapshotLimits.Cut(result.Error, MaximumError),
        LastTakenAt = result.SnapshotIds.Count > 0 ? result.TriedAt : schedule.LastTakenAt,
        LastSnapshotId = result.SnapshotIds.Count > 0 ? result.SnapshotIds[^1] : schedule.LastSnapshotId,
        TakenCount = schedule.TakenCount + result.SnapshotIds.Count,
        SkippedCount = schedule.SkippedCount + result.Missed,
        Firings = RuleFirings.After(schedule, result.Processes, result.TriedAt),
    };

    private static NewSchedule ToNew(Schedule schedule) => new()
    {
        HostId = schedule.HostId,
        ProcessName = schedule.ProcessName,
        Trigger = schedule.Trigger,
        Minutes = schedule.Minutes,
        LimitBytes = schedule.LimitBytes,
        Label = schedule.Label,
    };

    private static Schedule ToSchedule(ScheduleRecord record) => new()
    {
        Id = record.Id,
        HostId = record.HostId,
        ProcessName = record.ProcessName,
        Pid = record.Pid,
        StartStamp = record.StartStamp,
        Trigger = record.Trigger,
        Minutes = record.Minutes,
        LimitBytes = record.LimitBytes,
        Label = record.Label,
        Enabled = record.Enabled,
        CreatedAt = record.CreatedAt,
        CreatedBy = record.CreatedBy,
        LastTakenAt = record.LastTakenAt,
        LastSnapshotId = record.LastSnapshotId,
        LastTriedAt = record.LastTriedAt,
        LastError = record.LastError,
        TakenCount = record.TakenCount,
        SkippedCount = record.SkippedCount,
        Firings = RuleFirings.Parse(record.Firings),
    };
}
