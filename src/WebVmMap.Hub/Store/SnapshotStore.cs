using System.Globalization;
using Microsoft.EntityFrameworkCore;
using WebVmMap.Core.Processes;
using WebVmMap.Core.Regions;
using WebVmMap.Core.Snapshots;
using WebVmMap.Hub.Security;
using WebVmMap.Hub.Store.Records;

namespace WebVmMap.Hub.Store;

/// <summary>Snapshots in the hub's database. Thread-safe.</summary>
internal sealed class SnapshotStore(HubDatabase database, DecodedSnapshots decoded, AuditLog audit, TimeProvider time) : ISnapshotStore
{
    private const int MaximumTake = 500;

    public async Task<StoredSnapshot> AddAsync(NewSnapshot snapshot, CancellationToken cancellation)
    {
        var data = SnapshotCodec.Encode(snapshot.Snapshot);
        var record = ToRecord(snapshot, data.Length + (snapshot.Blocks is { } live ? live.Stacks.Length + live.Data.Length : 0));
        await database.UseAsync(context =>
        {
            context.Snapshots.Add(record);
            context.SnapshotData.Add(new SnapshotDataRecord { Id = record.Id, Data = data });
            if (snapshot.Blocks is { } blocks)
            {
                context.SnapshotBlocks.Add(new SnapshotBlocksRecord { SnapshotId = record.Id, RecordingId = blocks.RecordingId, Stacks = blocks.Stacks.ToArray(), Data = blocks.Data.ToArray() });
            }
            return context.SaveChangesAsync(cancellation);
        }, cancellation).ConfigureAwait(false);
        decoded.Add(record.Id, snapshot.Snapshot);
        return ToStored(record);
    }

    public Task<StoredSnapshot?> FindAsync(string id, CancellationToken cancellation) => database.UseAsync(async context =>
        await context.Snapshots.AsNoTracking().FirstOrDefaultAsync(s => s.Id == id, cancellation).ConfigureAwait(false) is { } record ? ToStored(record) : null,
        cancellation);

    public async Task<Snapshot?> LoadAsync(string id, CancellationToken cancellation)
    {
        if (decoded.Find(id) is { } kept)
        {
            return kept;
        }
        var data = await database.UseAsync(
            context => context.Snapshots.Where(s => s.Id == id)
                .Join(context.SnapshotData, s => s.Id, d => d.Id, (_, d) => d.Data).FirstOrDefaultAsync(cancellation),
            cancellation).ConfigureAwait(false);
        if (data is null)
        {
            return null;
        }
        var snapshot = SnapshotCodec.Decode(data);
        decoded.Add(id, snapshot);
        return snapshot;
    }

    public Task<IReadOnlyList<StoredSnapshot>> ListAsync(SnapshotQuery query, CancellationToken cancellation) =>
        database.UseAsync<IReadOnlyList<StoredSnapshot>>(async context =>
        {
            var records = await context.Snapshots.AsNoTracking().Matching(query).Ordered(query)
                .Skip(Math.Max(0, query.Skip)).Take(Math.Clamp(query.Take, 1, MaximumTake))
                .ToListAsync(cancellation).ConfigureAwait(false);
            return [.. records.Select(ToStored)];
        }, cancellation);

    public Task<int> CountAsync(SnapshotQuery query, CancellationToken cancellation) =>
        database.UseAsync(context => context.Snapshots.Matching(query).CountAsync(cancellation), cancellation);

    public Task<StoredSnapshot?> ChangeAsync(string id, SnapshotChange change, CancellationToken cancellation)
    {
        if (change.Problem is { } problem)
        {
            throw new ArgumentException(problem, nameof(change));
        }
        return database.UseAsync(async context =>
        {
            if (await context.Snapshots.FirstOrDefaultAsync(s => s.Id == id, cancellation).ConfigureAwait(false) is not { } record)
            {
                return null;
            }
            record.Label = change.Label ?? record.Label;
            record.Note = change.Note ?? record.Note;
            record.Pinned = change.Pinned ?? record.Pinned;
            record.SearchText = SearchTextOf(record);
            await context.SaveChangesAsync(cancellation).ConfigureAwait(false);
            return ToStored(record);
        }, cancellation);
    }

    public async Task<bool> DeleteAsync(string id, string who, CancellationToken cancellation)
    {
        var deleted = await database.FreeAsync(async context =>
        {
            if (await context.Snapshots.FirstOrDefaultAsync(s => s.Id == id, cancellation).ConfigureAwait(false) is not { } record)
            {
                return false;
            }
            record.DeletedAt = time.GetUtcNow();
            audit.Add(context, who, AuditActions.SnapshotDeleted, id, Describe(record));
            await context.SaveChangesAsync(cancellation).ConfigureAwait(false);
            return true;
        }, cancellation).ConfigureAwait(false);
        decoded.Remove(id);
        return deleted;
    }

    public Task<bool> RestoreAsync(string id, string who, CancellationToken cancellation) => database.UseAsync(async context =>
    {
        var record = await context.Snapshots.IgnoreQueryFilters().FirstOrDefaultAsync(s => s.Id == id && s.DeletedAt != null, cancellation).ConfigureAwait(false);
        if (record is null)
        {
            return false;
        }
        record.DeletedAt = null;
        audit.Add(context, who, AuditActions.SnapshotRestored, id, Describe(record));
        await context.SaveChangesAsync(cancellation).ConfigureAwait(false);
        return true;
    }, cancellation);

    private static string SearchTextOf(SnapshotRecord record) => SearchText.Of(record.ProcessName, record.Label, record.Note, record.HostName);

    private static string Describe(SnapshotRecord record) => string.Create(
        CultureInfo.InvariantCulture,
        $"{record.ProcessName} ({record.Pid}) on {record.HostName}, taken {record.TakenAt:yyyy-MM-dd HH:mm:ss} UTC{(record.Label.Length > 0 ? $", \"{record.Label}\"" : "")}");

    private static SnapshotRecord ToRecord(NewSnapshot added, int storedBytes)
    {
        var snapshot = added.Snapshot;
        var process = snapshot.Process;
        var total = snapshot.Summary.Total;
        var inUse = 0;
        foreach (var category in snapshot.Regions.Categories)
        {
            inUse += category.IsGap() ? 0 : 1;
        }
        var record = new SnapshotRecord
        {
            Id = SecretText.NewId(),
            HostId = added.HostId,
            HostName = added.HostName,
            Pid = process.Key.Pid,
            StartStamp = process.Key.StartStamp,
            ParentPid = process.ParentPid,
            ProcessName = process.Name,
            CommandLine = process.CommandLine,
            User = process.User,
            Architecture = process.Architecture,
            Managed = process.Managed,
            StartTime = process.StartTime,
            PrivateBytes = process.PrivateBytes,
            WorkingSetBytes = process.WorkingSetBytes,
            Limitation = process.Limitation,
            TakenAt = snapshot.TakenAt,
            Label = SnapshotLimits.Cut(added.Label, SnapshotLimits.Label),
            Note = SnapshotLimits.Cut(added.Note, SnapshotLimits.Note),
            Cause = added.Cause,
            TakenBy = SnapshotLimits.Cut(added.TakenBy, SnapshotLimits.Who),
            ScheduleId = added.ScheduleId,
            ImportFile = added.ImportFile is { } file ? SnapshotLimits.Cut(file, SnapshotLimits.ImportFile) : null,
            ImportFormat = added.ImportFormat is { } format ? SnapshotLimits.Cut(format, SnapshotLimits.ImportFormat) : null,
            RegionCount = inUse,
            StoredBytes = storedBytes,
            Committed = total.Committed,
            Private = total.Private,
            TotalWs = total.TotalWs,
        };
        record.SearchText = SearchTextOf(record);
        return record;
    }

    private static StoredSnapshot ToStored(SnapshotRecord record) => new()
    {
        Id = record.Id,
        HostId = record.HostId,
        HostName = record.HostName,
        Process = new ProcessInfo
        {
            Key = new ProcessKey(record.Pid, record.StartStamp),
            ParentPid = record.ParentPid,
            Name = record.ProcessName,
            CommandLine = record.CommandLine,
            User = record.User,
            Architecture = record.Architecture,
            Managed = record.Managed,
            StartTime = record.StartTime,
            PrivateBytes = record.PrivateBytes,
            WorkingSetBytes = record.WorkingSetBytes,
            Limitation = record.Limitation,
        },
        TakenAt = record.TakenAt,
        Label = record.Label,
        Note = record.Note,
        Pinned = record.Pinned,
        Cause = record.Cause,
        TakenBy = record.TakenBy,
        ScheduleId = record.ScheduleId,
        ImportFile = record.ImportFile,
        ImportFormat = record.ImportFormat,
        RegionCount = record.RegionCount,
        StoredBytes = record.StoredBytes,
        Committed = record.Committed,
        Private = record.Private,
        TotalWs = record.TotalWs,
    };
}
