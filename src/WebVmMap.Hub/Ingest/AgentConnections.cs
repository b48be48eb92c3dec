using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Grpc.Core;
using WebVmMap.Hub.Hosts;
using WebVmMap.Hub.Security;

namespace WebVmMap.Hub.Ingest;

/// <summary>
/// The connected agents, one for each host: a newer connection of a host takes the place of the older one, which may be
/// half open for minutes after a network failed. Thread-safe.
/// </summary>
internal sealed class AgentConnections(HostDirectory hosts, TimeProvider time) : IAgentSessions, IDisposable
{
    private readonly ConcurrentDictionary<string, AgentConnection> _byHost = new(StringComparer.Ordinal);

    // Coming and going of a host are told in the order in which they happen.
    private readonly SemaphoreSlim _changing = new(1);

    public event Action<IAgentSession> Connected = static _ => { };

    public event Action<IAgentSession> Disconnected = static _ => { };

    public IAgentSession? Find(string hostId) => _byHost.GetValueOrDefault(hostId);

    /// <summary>The host that is the hub's own machine, or null while no agent of it is connected.</summary>
    public string? LocalHostId => _byHost.Values.FirstOrDefault(connection => connection.Local)?.HostId;

    /// <summary>An agent has said hello.</summary>
    /// <param name="introduction">Who it is.</param>
    /// <param name="identity">Where it connects from: told to an older connection that it replaces.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task<AgentConnection> AddAsync(HostIntroduction introduction, AgentIdentity identity, CancellationToken cancellation)
    {
        await _changing.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            var host = await hosts.ConnectedAsync(introduction, Take, cancellation).ConfigureAwait(false);
            return _byHost[host.Id];
        }
        finally
        {
            _changing.Release();
        }

        void Take(HostState host)
        {
            if (_byHost.TryGetValue(host.Id, out var older))
            {
                older.Close(new Status(StatusCode.Aborted, $"A newer connection of this host, from {identity.Peer}, has taken over."));
            }
            _byHost[host.Id] = new AgentConnection(host, identity.Local, time);
        }
    }

    /// <summary>The agent may be given work: its Welcome is the next message that it reads.</summary>
    public void Announce(AgentConnection connection) => Connected(connection);

    /// <summary>A connection has ended.</summary>
    public async Task RemoveAsync(AgentConnection connection)
    {
        await _changing.WaitAsync().ConfigureAwait(false);
        var wasCurrent = false;
        try
        {
            wasCurrent = _byHost.TryRemove(KeyValuePair.Create(connection.HostId, connection));
            if (wasCurrent)
            {
                hosts.Disconnected(connection.HostId);
            }
        }
        finally
        {
            _changing.Release();
        }
        if (wasCurrent)
        {
            Disconnected(connection);
        }
    }

    /// <summary>The snapshot that some connected agent was asked for under this id.</summary>
    public bool TryGetSnapshot(string requestId, [NotNullWhen(true)] out PendingSnapshot? pending)
    {
        foreach (var connection in _byHost.Values)
        {
            if (connection.TryGetSnapshot(requestId, out pending))
            {
                return true;
            }
        }
        pending = null;
        return false;
    }

    public void Dispose() => _changing.Dispose();
}
