using WebVmMap.Core.Processes;
using WebVmMap.Core.Snapshots;
using WebVmMap.Hub.Hosts;
using WebVmMap.Hub.Processes;

namespace WebVmMap.Hub.Live;

/// <summary>The processes being watched. Thread-safe.</summary>
internal sealed class LiveProcesses : ILiveProcesses, ISampleFeeds, IDisposable
{
    /// <summary>How long a watch outlives its last viewer, so that a reload finds it running.</summary>
    public static readonly TimeSpan Linger = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private readonly Dictionary<LiveProcessAddress, Watched> _byAddress = [];
    private readonly IHostDirectory _hosts;
    private readonly IAgentSessions _sessions;
    private readonly IProcessDirectory _processes;
    private readonly TimeProvider _time;
    private readonly ILogger<LiveProcesses> _logger;

    public LiveProcesses(IHostDirectory hosts, IAgentSessions sessions, IProcessDirectory processes, TimeProvider time, ILogger<LiveProcesses> logger)
    {
        _hosts = hosts;
        _sessions = sessions;
        _processes = processes;
        _time = time;
        _logger = logger;
        sessions.Connected += HostConnected;
        sessions.Disconnected += HostDisconnected;
    }

    public ILiveProcessLease Watch(LiveProcessAddress address, int intervalMs, Action wake) => Join(address, intervalMs, wake);

    /// <summary>Watches a process for its frames: they wake by themselves.</summary>
    public LiveProcess.Lease Join(LiveProcessAddress address, int intervalMs, Action? wake)
    {
        lock (_lock)
        {
            if (!_byAddress.TryGetValue(address, out var watched))
            {
                watched = _byAddress[address] = new Watched(new LiveProcess(address, _hosts, _sessions, _time, _logger));
            }
            watched.Leases++;
            watched.Lingering?.Dispose();
            watched.Lingering = null;
            return watched.Process.Join(LiveInterval.Clamp(intervalMs), wake, Left);
        }
    }

    public async Task<ISampleFeed?> OpenAsync(string watchId, CancellationToken cancellation)
    {
        if (Find(watchId) is not { } process)
        {
            return null;
        }
        // Frames do not tell whose they are. The list does, and is asked for once per watch.
        var list = await _processes.ListAsync(process.Address.HostId, cancellation).ConfigureAwait(false);
        var address = process.Address;
        var info = list.Processes.FirstOrDefault(p => p.Key.Pid == address.Pid && (address.StartStamp == 0 || p.Key.StartStamp == address.StartStamp))
            ?? new ProcessInfo { Key = new ProcessKey(address.Pid, address.StartStamp), Name = $"pid {address.Pid}" };
        return new Feed(process, watchId, new FrameDecoder(info));
    }

    public void Failed(string watchId, AgentFailure failure, string message) => Find(watchId)?.Failed(watchId, failure, message);

    public void Dispose()
    {
        _sessions.Connected -= HostConnected;
        _sessions.Disconnected -= HostDisconnected;
        lock (_lock)
        {
            foreach (var watched in _byAddress.Values)
            {
                watched.Lingering?.Dispose();
                watched.Process.Dispose();
            }
            _byAddress.Clear();
        }
    }

    private LiveProcess? Find(string watchId)
    {
        if (watchId.Length == 0)
        {
            return null;
        }
        lock (_lock)
        {
            return _byAddress.Values.FirstOrDefault(watched => watched.Process.WatchId == watchId)?.Process;
        }
    }

    private void Left(LiveProcess process)
    {
        lock (_lock)
        {
            if (_byAddress.TryGetValue(process.Address, out var watched) && --watched.Leases == 0)
            {
                watched.Lingering = _time.CreateTimer(_ => EndUnlessWatched(process.Address, watched), null, Linger, Timeout.InfiniteTimeSpan);
            }
        }
    }

    private void EndUnlessWatched(LiveProcessAddress address, Watched watched)
    {
        lock (_lock)
        {
            // Somebody may have come back while this waited for the lock.
            if (watched.Leases > 0 || !_byAddress.TryGetValue(address, out var now) || now != watched)
            {
                return;
            }
            _byAddress.Remove(address);
            watched.Lingering?.Dispose();
            watched.Process.Dispose();
        }
    }

    private void HostConnected(IAgentSession session)
    {
        foreach (var process in OfHost(session.HostId))
        {
            // A process that has ended does not come back; one that was refused may be allowed by now.
            if (process.Current.Status != LiveStatus.Ended || process.Address.StartStamp == 0)
            {
                process.Restart();
            }
        }
    }

    private void HostDisconnected(IAgentSession session)
    {
        foreach (var process in OfHost(session.HostId))
        {
            process.HostGone();
        }
    }

    private List<LiveProcess> OfHost(string hostId)
    {
        lock (_lock)
        {
            return [.. _byAddress.Values.Select(watched => watched.Process).Where(process => process.Address.HostId == hostId)];
        }
    }

    private sealed class Watched(LiveProcess process)
    {
        public LiveProcess Process { get; } = process;

        public int Leases { get; set; }

        public ITimer? Lingering { get; set; }
    }

    private sealed class Feed(LiveProcess process, string watchId, FrameDecoder decoder) : ISampleFeed
    {
        private bool _ended;

        public string HostId => process.Address.HostId;

        public FrameOutcome Frame(ReadOnlySpan<byte> frame)
        {
            var outcome = decoder.Apply(frame);
            if (outcome == FrameOutcome.Applied && decoder.Current is { } snapshot)
            {
                process.Sampled(watchId, snapshot);
            }
            return outcome;
        }

        public void Counters(DateTimeOffset time, ProcessCounters counters) => process.Counted(watchId, time, counters);

        public void Cost(int effectiveIntervalMs, double cpuShare) => process.Cost(watchId, effectiveIntervalMs, cpuShare);

        public void Ended(AgentFailure failure, string message)
        {
            _ended = true;
            process.Failed(watchId, failure, message);
        }

        // The stream broke, and the agent did not say why. When the agent itself has gone, the host's end is told instead.
        public void Dispose()
        {
            if (!_ended)
            {
                process.Failed(watchId, AgentFailure.Failed, "The agent stopped sending without saying why: the hub asks again in a few seconds.");
            }
        }
    }
}
