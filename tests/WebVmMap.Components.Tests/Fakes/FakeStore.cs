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

    public Task<StoredSnapshot> AddAsync(Snapshot snapshot, string hostId, string hostName, string label, CancellationToken cancellation)
    {
        var total = snapshot.Summary.Total;
        var stored = new StoredSnapshot
        {
            Id = $"snapshot-{_kept.Count + 1:0000000000000}",
            HostId = hostId,
            HostName = hostName,
            Process = snapshot.Process,
            TakenAt = snapshot.TakenAt.AddMinutes(_kept.Count),
            Label = label,
            RegionCount = total.Blocks,
            StoredBytes = 12345,
            Committed = total.Committed,
            Private = total.Private,
            TotalWs = total.TotalWs,
        };
        _kept.Add((stored, snapshot));
        return Task.FromResult(stored);
    }

    public Task<StoredSnapshot?> FindAsync(string id, CancellationToken cancellation) =>
        Task.FromResult(_kept.Find(k => k.Stored.Id == id).Stored ?? null);

    public Task<Snapshot?> LoadAsync(string id, CancellationToken cancellation) =>
        Task.FromResult(_kept.Find(k => k.Stored.Id == id).Snapshot ?? null);

    public Task<IReadOnlyList<StoredSnapshot>> ListAsync(SnapshotQuery query, CancellationToken cancellation)
    {
        IReadOnlyList<StoredSnapshot> found =
        [
            .. _kept.Select(k => k.Stored)
                .Where(s => query.HostId is null || s.HostId == query.HostId)
                .Where(s => query.Name is null || s.Process.Name.Contains(query.Name, StringComparison.OrdinalIgnoreCase) || s.Label.Contains(query.Name, StringComparison.OrdinalIgnoreCase))
                .OrderByDescending(s => s.TakenAt).Skip(query.Skip).Take(query.Take),
        ];
        return Task.FromResult(found);
    }

    public async Task<SnapshotOutcome> TakeAsync(SnapshotRequest request, CancellationToken cancellation)
    {
        Requests.Add(request);
        return Outcome ?? new SnapshotOutcome(await AddAsync(ToTake!, request.Address.HostId, request.Address.HostId, request.Label, cancellation), SnapshotFailure.None, "");
    }
}
