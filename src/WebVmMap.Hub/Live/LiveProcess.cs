using System.Collections.Immutable;
using System.Runtime.InteropServices;
using WebVmMap.Core.Processes;
using WebVmMap.Core.Regions;
using WebVmMap.Core.Snapshots;
using WebVmMap.Hub.Hosts;
using WebVmMap.Hub.Security;
using WebVmMap.Hub.Wakes;

namespace WebVmMap.Hub.Live;

/// <summary>One watched process: its viewers, its one watch at the agent, its newest picture. Thread-safe.</summary>
internal sealed class LiveProcess : IDisposable
{
    /// <summary>How long an agent may take for the first sample before that is said to be wrong; it may still come.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>How long to wait before a watch that broke is tried again.</summary>
    public static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(5);

    private readonly Lock _lock = new();
    private readonly IHostDirectory _hosts;
    private readonly IAgentSessions _sessions;
    private readonly TimeProvider _time;
    private readonly WakeupList _wakeups;
    private readonly ITimer _timer;
    private readonly List<Lease> _leases = [];
    private LiveProcessState _current;
    private IAgentSession? _session;
    private string _watchId = "";
    private bool _disposed;

    public LiveProcess(LiveProcessAddress address, IHostDirectory hosts, IAgentSessions sessions, TimeProvider time, ILogger logger)
    {
        Address = address;
        _hosts = hosts;
        _sessions = sessions;
        _time = time;
        _wakeups = new WakeupList(time, logger);
        _current = new LiveProcessState { Status = LiveStatus.Starting, Since = time.GetUtcNow() };
        _timer = time.CreateTimer(static state => ((LiveProcess)state!).TimeIsUp(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public LiveProcessAddress Address { get; }

    /// <summary>The pictures as frames for browsers.</summary>
    public LiveFrames Frames { get; } = new();

    public LiveProcessState Current
    {
        get
        {
            lock (_lock)
            {
                return _current;
            }
        }
    }

    /// <summary>The id of the watch at the agent; empty while there is none.</summary>
    public string WatchId
    {
        get
        {
            lock (_lock)
            {
                return _watchId;
            }
        }
    }

    public Lease Join(int intervalMs, Action? wake, Action<LiveProcess> left)
    {
        lock (_lock)
        {
            var lease = new Lease(this, intervalMs, wake is null ? null : _wakeups.Add(wake), left);
            _leases.Add(lease);
            if (_session is null)
            {
                Start();
            }
            else
            {
                ApplyInterval();
            }
            return lease;
        }
    }

    /// <summary>Begins, or begins anew: the host's agent has connected, or somebody wants to try again.</summary>
    public void Restart()
    {
        lock (_lock)
        {
            if (!_disposed)
            {
                Start();
            }
        }
    }

    /// <summary>The host's agent has gone.</summary>
    public void HostGone()
    {
        lock (_lock)
        {
            // Its sample streams may have broken a moment before: then it counts as failed already.
            if (_session is not null || _current.Status == LiveStatus.Failed)
            {
                Forget();
                _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
                SetStatus(LiveStatus.HostOffline, Offline());
            }
        }
    }

    /// <summary>The agent cannot watch it, or watches it no more.</summary>
    /// <param name="watchId">The watch that this is about; an older one is ignored.</param>
    /// <param name="failure">Why.</param>
    /// <param name="message">The agent's sentence.</param>
    public void Failed(string watchId, AgentFailure failure, string message)
    {
        lock (_lock)
        {
            if (watchId != _watchId || _disposed)
            {
                return;
            }
            Forget();
            switch (failure)
            {
                case AgentFailure.Gone or AgentFailure.Replaced:
                    SetStatus(LiveStatus.Ended, message);
                    break;
                case AgentFailure.NotFound:
                    SetStatus(LiveStatus.NotFound, message);
                    break;
                case AgentFailure.NoAddressSpace:
                    SetStatus(LiveStatus.NoAddressSpace, message);
                    break;
                case AgentFailure.Denied:
                    SetStatus(LiveStatus.Denied, message);
                    break;
                default:
                    SetStatus(LiveStatus.Failed, message);
                    _timer.Change(RetryDelay, Timeout.InfiniteTimeSpan);
                    break;
            }
        }
    }

    /// <summary>A full pass has come.</summary>
    public void Sampled(string watchId, Snapshot snapshot)
    {
        // Worked out before the lock: it takes milliseconds when there are many regions.
        var point = new TimelinePoint(snapshot.TakenAt, snapshot.Counters, Totals(snapshot.Summary));
        lock (_lock)
        {
            if (watchId != _watchId || _disposed)
            {
                return;
            }
            Alive();
            _current = _current with
            {
                Snapshot = snapshot,
                Sequence = _current.Sequence + 1,
                Counters = snapshot.Counters,
                Timeline = TimelineRing.Append(_current.Timeline, point),
            };
        }
        Frames.Publish(snapshot);
        _wakeups.WakeAll();
    }

    /// <summary>The counters have come.</summary>
    public void Counted(string watchId, DateTimeOffset time, ProcessCounters counters)
    {
        lock (_lock)
        {
            if (watchId != _watchId || _disposed)
            {
                return;
            }
            Alive();
            _current = _current with { Counters = counters, Timeline = TimelineRing.Append(_current.Timeline, new TimelinePoint(time, counters, [])) };
        }
        _wakeups.WakeAll();
    }

    /// <summary>What the watch costs has come.</summary>
    public void Cost(string watchId, int effectiveIntervalMs, double cpuShare)
    {
        lock (_lock)
        {
            if (watchId != _watchId || _disposed)
            {
                return;
            }
            _current = _current with { EffectiveIntervalMs = effectiveIntervalMs, CpuShare = cpuShare };
        }
        _wakeups.WakeAll();
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _disposed = true;
            if (_session is not null)
            {
                _session.Unwatch(_watchId);
            }
            Forget();
        }
        _timer.Dispose();
    }

    // All private methods below are called with the lock held.
    private void Start()
    {
        Forget();
        _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        if (_sessions.Find(Address.HostId) is not { } session)
        {
            var known = _hosts.Find(Address.HostId) is not null;
            SetStatus(known ? LiveStatus.HostOffline : LiveStatus.Failed, known ? Offline() : HostMessages.Unknown(Address.HostId));
            return;
        }
        _session = session;
        _watchId = SecretText.NewId();
        SetStatus(LiveStatus.Starting, "");
        var interval = WantedInterval();
        _current = _current with { IntervalMs = interval, EffectiveIntervalMs = 0, CpuShare = 0 };
        session.Watch(_watchId, new ProcessKey(Address.Pid, Address.StartStamp), interval);
        if (interval == 0)
        {
            // By hand there would be nothing to see until somebody asks: whoever opens the page has asked.
            session.SetWatchInterval(_watchId, 0);
        }
        _timer.Change(Patience, Timeout.InfiniteTimeSpan);
    }

    private void Forget()
    {
        _session = null;
        _watchId = "";
    }

    private void Alive()
    {
        if (_current.Status != LiveStatus.Live)
        {
            _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            _current = _current with { Status = LiveStatus.Live, Message = "", Since = _time.GetUtcNow() };
        }
    }

    private void SetStatus(LiveStatus status, string message)
    {
        _current = _current with { Status = status, Message = message, Since = status == _current.Status ? _current.Since : _time.GetUtcNow() };
        _wakeups.WakeAll();
    }

    private string Offline() => _hosts.Find(Address.HostId) is { } host ? HostMessages.Offline(host) : HostMessages.Unknown(Address.HostId);

    private int WantedInterval() => _leases.Where(lease => lease.IntervalMs > 0).Select(lease => lease.IntervalMs).DefaultIfEmpty(0).Min();

    private void ApplyInterval()
    {
        var wanted = WantedInterval();
        if (_session is null || wanted == _current.IntervalMs)
        {
            return;
        }
        _current = _current with { IntervalMs = wanted };
        _session.SetWatchInterval(_watchId, wanted);
        _wakeups.WakeAll();
    }

    private void SampleNow()
    {
        if (_session is null)
        {
            Start();
            return;
        }
        // 0 asks for one pass now and stops the rest: the interval is set again behind it.
        _session.SetWatchInterval(_watchId, 0);
        if (_current.IntervalMs > 0)
        {
            _session.SetWatchInterval(_watchId, _current.IntervalMs);
        }
    }

    private void TimeIsUp()
    {
        lock (_lock)
        {
            if (_disposed)
            {
                return;
            }
            if (_session is null)
            {
                Start();
            }
            else if (_current.Status == LiveStatus.Starting)
            {
                SetStatus(LiveStatus.Failed, $"The agent has sent nothing for {Patience.TotalSeconds:0} seconds: it may be overloaded. This page shows what comes as soon as it comes.");
            }
        }
    }

    private static ImmutableArray<CategoryTotals> Totals(SnapshotSummary summary)
    {
        var totals = new CategoryTotals[RegionCategories.Length];
        foreach (var category in RegionCategories.All)
        {
            var row = summary[category];
            totals[(int)category] = new CategoryTotals(row.Committed, row.Private, row.TotalWs);
        }
        return ImmutableCollectionsMarshal.AsImmutableArray(totals);
    }

    /// <summary>One viewer's interest.</summary>
    internal sealed class Lease(LiveProcess process, int intervalMs, Wakeup? wakeup, Action<LiveProcess> left) : ILiveProcessLease
    {
        private bool _disposed;

        public LiveProcessState Current => process.Current;

        public LiveProcess Process => process;

        public int IntervalMs { get; private set; } = intervalMs;

        public void SetInterval(int intervalMs)
        {
            lock (process._lock)
            {
                if (!_disposed)
                {
                    IntervalMs = LiveInterval.Clamp(intervalMs);
                    process.ApplyInterval();
                }
            }
        }

        public void SampleNow()
        {
            lock (process._lock)
            {
                if (!_disposed)
                {
                    process.SampleNow();
                }
            }
        }

        public void Dispose()
        {
            lock (process._lock)
            {
                if (_disposed)
                {
                    return;
                }
                _disposed = true;
                process._leases.Remove(this);
                // The last viewer's interval stays until the watch ends: a reload comes back with the same one.
                if (process._leases.Count > 0)
                {
                    process.ApplyInterval();
                }
            }
            wakeup?.Dispose();
            left(process);
        }
    }
}
