namespace WebVmMap.Hub.Live;

/// <summary>
/// The processes being watched. All viewers of one process share one watch at the agent, at the shortest interval that any
/// of them asks for; with the last viewer gone the agent samples it no more. Thread-safe.
/// </summary>
public interface ILiveProcesses
{
    /// <summary>Watches a process until the lease is disposed. Never waits: the state tells how it fares.</summary>
    /// <param name="address">Which process.</param>
    /// <param name="intervalMs">How often, in milliseconds: 1000 to 60000, or 0 for by hand.</param>
    /// <param name="wake">Called after every change; it carries no data and must return at once.</param>
    ILiveProcessLease Watch(LiveProcessAddress address, int intervalMs, Action wake);
}
