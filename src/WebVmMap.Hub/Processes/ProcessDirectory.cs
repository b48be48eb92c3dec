using System.Collections.Concurrent;
using WebVmMap.Hub.Hosts;

namespace WebVmMap.Hub.Processes;

/// <summary>Process lists of the hosts. Thread-safe.</summary>
internal sealed class ProcessDirectory : IProcessDirectory, IDisposable
{
    private readonly ConcurrentDictionary<string, HostProcesses> _byHost = new(StringComparer.Ordinal);
    private readonly IHostDirectory _hosts;
    private readonly IAgentSessions _sessions;
    private readonly TimeProvider _time;
    private readonly ILogger<ProcessDirectory> _logger;

    public ProcessDirectory(IHostDirectory hosts, IAgentSessions sessions, TimeProvider time, ILogger<ProcessDirectory> logger)
    {
        _hosts = hosts;
        _sessions = sessions;
        _time = time;
        _logger = logger;
        sessions.Connected += HostChanged;
        sessions.Disconnected += HostChanged;
    }

    public Task<ProcessListState> ListAsync(string hostId, CancellationToken cancellation) => Of(hostId) is { } host
        ? host.RefreshAsync().WaitAsync(cancellation)
        : Task.FromResult(ProcessListState.Waiting with { Error = HostMessages.Unknown(hostId) });

    public IProcessListLease Watch(string hostId, Action wake) => Of(hostId)?.Join(wake) ?? new UnknownHostLease(hostId);

    public void Dispose()
    {
        _sessions.Connected -= HostChanged;
        _sessions.Disconnected -= HostChanged;
        foreach (var host in _byHost.Values)
        {
            host.Dispose();
        }
    }

    // Only of hosts that exist: ids come from URLs, and each would otherwise stay for ever.
    private HostProcesses? Of(string hostId) => _hosts.Find(hostId) is null
        ? null
        : _byHost.GetOrAdd(hostId, static (id, self) => new HostProcesses(id, self._hosts, self._sessions, self._time, self._logger), this);

    private void HostChanged(IAgentSession session)
    {
        if (_byHost.TryGetValue(session.HostId, out var host))
        {
            host.RefreshSoon();
        }
    }

    private sealed class UnknownHostLease(string hostId) : IProcessListLease
    {
        public ProcessListState Current { get; } = ProcessListState.Waiting with { Error = HostMessages.Unknown(hostId) };

        public void Dispose()
        {
        }
    }
}
