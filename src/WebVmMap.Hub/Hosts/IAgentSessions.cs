namespace WebVmMap.Hub.Hosts;

/// <summary>The agents that are connected now: one for each host. Thread-safe.</summary>
public interface IAgentSessions
{
    /// <summary>The agent of a host, or null while it is not connected.</summary>
    IAgentSession? Find(string hostId);

    /// <summary>Raised when an agent has connected; a handler must return at once.</summary>
    event Action<IAgentSession> Connected;

    /// <summary>Raised when an agent has gone and no newer connection has taken its place; a handler must return at once.</summary>
    event Action<IAgentSession> Disconnected;
}
