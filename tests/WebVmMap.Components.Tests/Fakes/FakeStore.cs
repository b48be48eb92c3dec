using System.Collections.Concurrent;
using WebVmMap.Core.Snapshots;
using WebVmMap.Hub.Store;

namespace WebVmMap.Components.Tests.Fakes;

/// <summary>A store in memory, and a taker that keeps what a test gives it.</summary>
internal sealed class FakeStore : ISnapshotStore, ISnapshotTaker
{
    private readonly List<(StoredSnapshot Stored, Snapshot Snapshot)> _kept = [];

    /// <summary>What the next request for a snapshot is answered with; null keeps <see cref="ToTake"/>.</summary>
    public SnapshotOutcome? Outcome { get; set; }

    public Snapshot? ToTake { get; set; }

    public List<SnapshotRequest> Requests { get; } = [];

    public List<string> Deleted { get; } = [];

    /// <summary>Until it ends nothing is found.</summary>
    public Task Finding { get; set; } = Task.CompletedTask;

    /// <summary>What a load waits for.</summary>
    public Func<string, CancellationToken, Task> Loading { get; set; } = (_, _) => Task.CompletedTask;

    /// <summary>What was asked for with all its regions, in that order.</summary>
    public ConcurrentQueue<string> Loaded { get; } = [];

    public Task<StoredSnapshot> AddAsync(NewSnapshot snapshot, CancellationToken cancellation)
    {
        var total = snapshot.Snapshot.Summary.Total;
        var stored = new StoredSnapshot
        {
            Id = $"snapshot-{_kept.Count + 1:0000000000000}",
            HostId = snapshot.HostId,
            HostName = snapshot.HostName,
            Process = snapshot.Snapshot.Process,
            TakenAt = snapshot.Snapshot.TakenAt.AddMinutes(_kept.Count),
            Label = snapshot.Label,
            Note = snapshot.Note,
            Cause = snapshot.Cause,
            TakenBy = snapshot.TakenBy,
            ScheduleId = snapshot.ScheduleId,
            RegionCount = total.Blocks,
            StoredBytes = 12345,
            Committed = total.Committed,
            Private = total.Private,
            TotalWs = total.TotalWs,
        };
        _kept.Add((stored, snapshot.Snapshot));
        return Task.FromResult(stored);
    }

    public async Task<StoredSnapshot?> FindAsync(string id, CancellationToken cancellation)
    {
        await Finding;
        return Kept.FirstOrDefault(k => k.Stored.Id == id).Stored ?? null;
    }

    public async Task<Snapshot?> LoadAsync(string id, CancellationToken cancellation)
    {
        Loaded.Enqueue(id);
        await Loading(id, cancellation);
        return Kept.FirstOrDefault(k => k.Stored.Id == id).Snapshot ?? null;
    }

    public Task<IReadOnlyList<StoredSnapshot>> ListAsync(SnapshotQuery query, CancellationToken cancellation)
    {
        IReadOnlyList<StoredSnapshot> found = [.. Matching(query).OrderByDescending(s => s.TakenAt).Skip(query.Skip).Take(query.Take)];
        return Task.FromResult(found);
    }

    public Task<int> CountAsync(SnapshotQuery query, CancellationToken cancellation) => Task.FromResult(Matching(query).Count());

    public Task<StoredSnapshot?> ChangeAsync(string id, SnapshotChange change, CancellationToken cancellation)
    {
        var at = _kept.FindIndex(k => k.Stored.Id == id);
        if (at < 0)
        {
            return Task.FromResult<StoredSnapshot?>(null);
        }
        var stored = _kept[at].Stored;
        _kept[at] = (stored with { Label = change.Label ?? stored.Label, Note = change.Note ?? stored.Note, Pinned = change.Pinned ?? stored.Pinned }, _kept[at].Snapshot);
        return Task.FromResult<StoredSnapshot?>(_kept[at].Stored);
    }

    public Task<bool> DeleteAsync(string id, string who, CancellationToken cancellation)
    {
        Deleted.Add(id);
        return Task.FromResult(true);
    }

    public Task<bool> RestoreAsync(string id, string who, CancellationToken cancellation) => Task.FromResult(Deleted.Remove(id));

    public async Task<SnapshotOutcome> TakeAsync(SnapshotRequest request, CancellationToken cancellation)
    {
        Requests.Add(request);
        return Outcome ?? new SnapshotOutcome(await this.AddAsync(ToTake!, request.Address.HostId, request.Address.HostId, request.Label, cancellation), SnapshotFailure.None, "");
    }

    private IEnumerable<(StoredSnapshot Stored, Snapshot Snapshot)> Kept => _kept.Where(k => !Deleted.Contains(k.Stored.Id));

    private IEnumerable<StoredSnapshot> Matching(SnapshotQuery query) => Kept.Select(k => k.Stored)
        .Where(s => query.HostId is null || s.HostId == query.HostId)
        .Where(s => query.Pid is null || s.Process.Key.Pid == query.Pid)
        .Where(s => query.StartStamp is null || s.Process.Key.StartStamp == query.StartStamp)
        .Where(s => query.Pinned is null || s.Pinned == query.Pinned)
        .Where(s => query.Cause is null || s.Cause == query.Cause)
        .Where(s => query.Name is null || s.Process.Name.Contains(query.Name, StringComparison.OrdinalIgnoreCase) || s.Label.Contains(query.Name, StringComparison.OrdinalIgnoreCase));
}
