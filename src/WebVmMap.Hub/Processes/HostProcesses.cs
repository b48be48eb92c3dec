using WebVmMap.Core.Processes;
using WebVmMap.Hub.Hosts;
using WebVmMap.Hub.Wakes;

namespace WebVmMap.Hub.Processes;

/// <summary>The process list of one host: one request at a time, shared by all who ask meanwhile. Thread-safe.</summary>
internal sealed class HostProcesses : IDisposable
{
    /// <summary>From the end of one refresh to the begin of the next while somebody looks.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromSeconds(2);

    private readonly Lock _lock = new();
    private readonly string _hostId;
    private readonly IHostDirectory _hosts;
    private readonly IAgentSessions _sessions;
    private readonly WakeupList _wakeups;
    private readonly ITimer _timer;
    private readonly TimeProvider _time;
    private Task<ProcessListState>? _refreshing;
    private ProcessListState _current = ProcessListState.Waiting;
    private bool _disposed;

    public HostProcesses(string hostId, IHostDirectory hosts, IAgentSessions sessions, TimeProvider time, ILogger logger)
    {
        _hostId = hostId;
        _hosts = hosts;
        _sessions = sessions;
        _time = time;
        _wakeups = new WakeupList(time, logger);
        _timer = time.CreateTimer(static state => ((HostProcesses)state!).Tick(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public ProcessListState Current
    {
        get
        {
            lock (_lock)
            {
                return _current;
            }
        }
    }

    /// <summary>Asks the agent, or shares the request that is under way.</summary>
    public Task<ProcessListState> RefreshAsync()
    {
        lock (_lock)
        {
            return _refreshing ??= AskAsync();
        }
    }

    /// <summary>The host came or went: whoever looks is to see it at once.</summary>
    public void RefreshSoon()
    {
        if (_wakeups.Count > 0)
        {
            _ = RefreshAsync();
        }
    }

    public IProcessListLease Join(Action wake)
    {
        var lease = new Lease(this, _wakeups.Add(wake));
        _ = RefreshAsync();
        return lease;
    }

    public void Dispose()
    {
        lock (_lock)
        {
            _disposed = true;
        }
        _timer.Dispose();
    }

    private async Task<ProcessListState> AskAsync()
    {
        // Leaves the lock of the caller at once.
        await Task.Yield();
        var (processes, error) = await AnswerAsync().ConfigureAwait(false);
        ProcessListState state;
        lock (_lock)
        {
            state = _current = processes is null
                ? _current with { Error = error }
                : new ProcessListState([.. processes], _time.GetUtcNow(), "");
            _refreshing = null;
            if (!_disposed && _wakeups.Count > 0)
            {
                _timer.Change(Period, Timeout.InfiniteTimeSpan);
            }
        }
        _wakeups.WakeAll();
        return state;
    }

    private async Task<(IReadOnlyList<ProcessInfo>? Processes, string Error)> AnswerAsync()
    {
        if (_sessions.Find(_hostId) is not { } session)
        {
            return (null, _hosts.Find(_hostId) is { } host ? HostMessages.Offline(host) : HostMessages.Unknown(_hostId));
        }
        try
        {
            return (await session.ListProcessesAsync(CancellationToken.None).ConfigureAwait(false), "");
        }
        catch (AgentRequestException ex)
        {
            return (null, ex.Message);
        }
    }

    private void Tick()
    {
        if (_wakeups.Count > 0)
        {
            _ = RefreshAsync();
        }
    }

    private sealed class Lease(HostProcesses processes, Wakeup wakeup) : IProcessListLease
    {
        public ProcessListState Current => processes.Current;

        public void Dispose() => wakeup.Dispose();
    }
}
