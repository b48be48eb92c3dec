using System.Collections.Immutable;
using Microsoft.EntityFrameworkCore;
using WebVmMap.Hub.Import;
using WebVmMap.Hub.Store;
using WebVmMap.Hub.Store.Records;
using WebVmMap.Hub.Wakes;

namespace WebVmMap.Hub.Hosts;

/// <summary>
/// Every host the hub knows. Which id belongs to which machine is kept in the database, so a host keeps its id over restarts
/// and renames of either side. Thread-safe.
/// </summary>
internal sealed class HostDirectory : IHostDirectory, IDisposable
{
    private readonly HubDatabase _database;
    private readonly TimeProvider _time;
    private readonly WakeupList _wakeups;

    // One writer at a time; readers take the immutable arrays.
    private readonly SemaphoreSlim _writing = new(1);
    private ImmutableDictionary<string, HostState> _byId = ImmutableDictionary<string, HostState>.Empty;
    private ImmutableArray<HostState> _hosts = [];
    private ImmutableDictionary<string, string> _idByMachine = ImmutableDictionary<string, string>.Empty;
    private ImmutableHashSet<string> _unsavedLastSeen = [];

    public HostDirectory(HubDatabase database, TimeProvider time, ILogger<HostDirectory> logger)
    {
        _database = database;
        _time = time;
        _wakeups = new WakeupList(time, logger);
    }

    public ImmutableArray<HostState> Hosts => _hosts;

    public HostState? Find(string hostId) => _byId.GetValueOrDefault(hostId);

    public IDisposable Subscribe(Action wake) => _wakeups.Add(wake);

    /// <summary>The id of a machine's host, or null when it has never connected.</summary>
    public string? IdOfMachine(string machineId) => _idByMachine.GetValueOrDefault(machineId);

    /// <summary>Reads the known hosts: all offline until their agents connect.</summary>
    public Task LoadAsync(CancellationToken cancellation) => _database.UseAsync(async context =>
    {
        var records = await context.Hosts.AsNoTracking().ToListAsync(cancellation).ConfigureAwait(false);
        foreach (var record in records)
        {
            _idByMachine = _idByMachine.Add(record.MachineId, record.Id);
            Put(ToState(record));
        }
        return true;
    }, cancellation);

    /// <summary>An agent has connected: finds or makes its host and shows it online.</summary>
    /// <param name="introduction">Who it is.</param>
    /// <param name="ready">Called just before the host is shown online: whoever sees it so may ask its agent at once.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="StoreException">A new host cannot be kept.</exception>
    public async Task<HostState> ConnectedAsync(HostIntroduction introduction, Action<HostState> ready, CancellationToken cancellation)
    {
        await _writing.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            var id = _idByMachine.GetValueOrDefault(introduction.MachineId);
            var isNew = id is null;
            // Imported snapshots are listed under a host of that id, which no machine may be taken for.
            id ??= HostSlug.Unique(introduction.Name, taken => taken == SnapshotImporter.HostId || _byId.ContainsKey(taken));
            var state = new HostState
            {
                Id = id,
                Name = introduction.Name,
                Platform = introduction.Platform,
                OsDescription = introduction.OsDescription,
                Architecture = introduction.Architecture,
                AgentVersion = introduction.AgentVersion,
                Online = true,
                LastSeen = _time.GetUtcNow(),
                PermitsRecording = introduction.PermitsRecording,
                PermitsContents = introduction.PermitsContents,
                PermitsEmptyWorkingSet = introduction.PermitsEmptyWorkingSet,
                PermitsSource = introduction.PermitsSource,
                Limitations = introduction.Limitations,
            };
            await SaveAsync(state, introduction.MachineId, isNew, cancellation).ConfigureAwait(false);
            _idByMachine = _idByMachine.SetItem(introduction.MachineId, id);
            ready(state);
            Put(state);
            return state;
        }
        finally
        {
            _writing.Release();
        }
    }

    /// <summary>Something was heard of a host's agent.</summary>
    public void Heard(string hostId, long? residentBytes = null, double? cpuShare = null) => Change(hostId, state => state with
    {
        LastSeen = _time.GetUtcNow(),
        AgentResidentBytes = residentBytes ?? state.AgentResidentBytes,
        AgentCpuShare = cpuShare ?? state.AgentCpuShare,
    });

    /// <summary>A host's agent has gone.</summary>
    public void Disconnected(string hostId) => Change(hostId, state => state with { Online = false, AgentResidentBytes = 0, AgentCpuShare = 0 });

    /// <summary>Writes down when the hosts were last heard of: all changed ones in one transaction.</summary>
    /// <exception cref="StoreException">The database refused.</exception>
    public Task SaveLastSeenAsync(CancellationToken cancellation) => _database.UseAsync(async context =>
    {
        var unsaved = Interlocked.Exchange(ref _unsavedLastSeen, []);
        if (unsaved.IsEmpty)
        {
            return false;
        }
        foreach (var record in await context.Hosts.Where(h => unsaved.Contains(h.Id)).ToListAsync(cancellation).ConfigureAwait(false))
        {
            record.LastSeen = Find(record.Id)?.LastSeen ?? record.LastSeen;
        }
        await context.SaveChangesAsync(cancellation).ConfigureAwait(false);
        return true;
    }, cancellation);

    public void Dispose() => _writing.Dispose();

    private void Change(string hostId, Func<HostState, HostState> change)
    {
        _writing.Wait();
        try
        {
            if (Find(hostId) is not { } state)
            {
                return;
            }
            ImmutableInterlocked.Update(ref _unsavedLastSeen, static (set, id) => set.Add(id), hostId);
            Put(change(state));
        }
        finally
        {
            _writing.Release();
        }
    }

    private void Put(HostState state)
    {
        _byId = _byId.SetItem(state.Id, state);
        _hosts = [.. _byId.Values.OrderBy(h => h.Name, StringComparer.OrdinalIgnoreCase).ThenBy(h => h.Id, StringComparer.Ordinal)];
        _wakeups.WakeAll();
    }

    private Task<bool> SaveAsync(HostState state, string machineId, bool isNew, CancellationToken cancellation) =>
        _database.UseAsync(async context =>
        {
            var record = isNew ? null : await context.Hosts.FirstOrDefaultAsync(h => h.Id == state.Id, cancellation).ConfigureAwait(false);
            if (record is null)
            {
                record = new HostRecord { Id = state.Id, MachineId = machineId, Name = state.Name };
                context.Hosts.Add(record);
            }
            record.Name = state.Name;
            record.Platform = state.Platform;
            record.OsDescription = state.OsDescription;
            record.Architecture = state.Architecture;
            record.AgentVersion = state.AgentVersion;
            record.LastSeen = state.LastSeen;
            await context.SaveChangesAsync(cancellation).ConfigureAwait(false);
            return true;
        }, cancellation);

    private static HostState ToState(HostRecord record) => new()
    {
        Id = record.Id,
        Name = record.Name,
        Platform = record.Platform,
        OsDescription = record.OsDescription,
        Architecture = record.Architecture,
        AgentVersion = record.AgentVersion,
        LastSeen = record.LastSeen,
    };
}
