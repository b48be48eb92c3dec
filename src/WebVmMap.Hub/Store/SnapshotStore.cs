using Microsoft.EntityFrameworkCore;
using WebVmMap.Core.Processes;
using WebVmMap.Core.Regions;
using WebVmMap.Core.Snapshots;
using WebVmMap.Hub.Configuration;
using WebVmMap.Hub.Security;
using WebVmMap.Hub.Store.Records;

namespace WebVmMap.Hub.Store;

/// <summary>Snapshots in SQLite. Thread-safe.</summary>
internal sealed class SnapshotStore(IDbContextFactory<HubDbContext> contexts, DecodedSnapshots decoded, DataFolder folder) : ISnapshotStore
{
    private const int MaximumTake = 500;

    public Task<StoredSnapshot> AddAsync(Snapshot snapshot, string hostId, string hostName, string label, CancellationToken cancellation) =>
        StoreException.GuardAsync(folder.Database, async () =>
        {
            var data = SnapshotCodec.Encode(snapshot);
            var record = ToRecord(snapshot, hostId, hostName, label, data.Length);
            var context = await contexts.CreateDbContextAsync(cancellation).ConfigureAwait(false);
            await using (context.ConfigureAwait(false))
            {
                context.Snapshots.Add(record);
                context.SnapshotData.Add(new SnapshotDataRecord { Id = record.Id, Data = data });
                await context.SaveChangesAsync(cancellation).ConfigureAwait(false);
            }
            decoded.Add(record.Id, snapshot);
            return ToStored(record);
        });

    public Task<StoredSnapshot?> FindAsync(string id, CancellationToken cancellation) =>
        StoreException.GuardAsync(folder.Database, async () =>
        {
            var context = await contexts.CreateDbContextAsync(cancellation).ConfigureAwait(false);
            await using (context.ConfigureAwait(false))
            {
                var record = await context.Snapshots.AsNoTracking().FirstOrDefaultAsync(s => s.Id == id, cancellation).ConfigureAwait(false);
                return record is null ? null : ToStored(record);
            }
        });

    public Task<Snapshot?> LoadAsync(string id, CancellationToken cancellation) =>
        decoded.Find(id) is { } kept ? Task.FromResult<Snapshot?>(kept) : StoreException.GuardAsync(folder.Database, async () =>
        {
            byte[]? data;
            var context = await contexts.CreateDbContextAsync(cancellation).ConfigureAwait(false);
            await using (context.ConfigureAwait(false))
            {
                data = await context.SnapshotData.AsNoTracking().Where(d => d.Id == id).Select(d => d.Data).FirstOrDefaultAsync(cancellation).ConfigureAwait(false);
            }
            if (data is null)
            {
                return null;
            }
            var snapshot = SnapshotCodec.Decode(data);
            decoded.Add(id, snapshot);
            return snapshot;
        });

    public Task<IReadOnlyList<StoredSnapshot>> ListAsync(SnapshotQuery query, CancellationToken cancellation) =>
        StoreException.GuardAsync<IReadOnlyList<StoredSnapshot>>(folder.Database, async () =>
        {
            var context = await contexts.CreateDbContextAsync(cancellation).ConfigureAwait(false);
            await using (context.ConfigureAwait(false))
            {
                var records = await Matching(context.Snapshots.AsNoTracking(), query)
                    .OrderByDescending(s => s.TakenAt).ThenByDescending(s => s.Id)
                    .Skip(Math.Max(0, query.Skip)).Take(Math.Clamp(query.Take, 1, MaximumTake))
                    .ToListAsync(cancellation).ConfigureAwait(false);
                return [.. records.Select(ToStored)];
            }
        });

    private static IQueryable<SnapshotRecord> Matching(IQueryable<SnapshotRecord> snapshots, SnapshotQuery query)
    {
        if (query.HostId is { } host)
        {
            snapshots = snapshots.Where(s => s.HostId == host);
        }
        if (query.Pid is { } pid)
        {
            snapshots = snapshots.Where(s => s.Pid == pid);
        }
        if (!string.IsNullOrEmpty(query.Name))
        {
            var pattern = $"%{query.Name.Replace(@"\", @"\\", StringComparison.Ordinal).Replace("%", @"\%", StringComparison.Ordinal).Replace("_", @"\_", StringComparison.Ordinal)}%";
            snapshots = snapshots.Where(s => EF.Functions.Like(s.ProcessName, pattern, @"\") || EF.Functions.Like(s.Label, pattern, @"\"));
        }
        return snapshots;
    }

    private static SnapshotRecord ToRecord(Snapshot snapshot, string hostId, string hostName, string label, int storedBytes)
    {
        var process = snapshot.Process;
        var total = snapshot.Summary.Total;
        var inUse = 0;
        foreach (var category in snapshot.Regions.Categories)
        {
            inUse += category.IsGap() ? 0 : 1;
        }
        return new SnapshotRecord
        {
            Id = SecretText.NewId(),
            HostId = hostId,
            HostName = hostName,
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
            Label = label,
            RegionCount = inUse,
            StoredBytes = storedBytes,
            Committed = total.Committed,
            Private = total.Private,
            TotalWs = total.TotalWs,
        };
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
        RegionCount = record.RegionCount,
        StoredBytes = record.StoredBytes,
        Committed = record.Committed,
        Private = record.Private,
        TotalWs = record.TotalWs,
    };
}
