namespace WebVmMap.Hub.Processes;

/// <summary>Process lists of the hosts. A list is refreshed every two seconds while anybody looks at it, and never otherwise. Thread-safe.</summary>
public interface IProcessDirectory
{
    /// <summary>Asks the agent now and waits for its answer.</summary>
    /// <param name="hostId">Which host.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    /// <returns>The new list, or the old one with the reason why there is no newer one.</returns>
    Task<ProcessListState> ListAsync(string hostId, CancellationToken cancellation);

    /// <summary>Keeps the list of a host fresh until disposed.</summary>
    /// <param name="hostId">Which host.</param>
    /// <param name="wake">Called after every change; it carries no data and must return at once.</param>
    IProcessListLease Watch(string hostId, Action wake);
}
