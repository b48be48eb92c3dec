using WebVmMap.Core.Processes;
using WebVmMap.Hub.Hosts;
using WebVmMap.Hub.Live;

namespace WebVmMap.Hub.WorkingSets;

/// <summary>Has agents empty the working sets of processes, and writes down who wanted it. Thread-safe.</summary>
public interface IWorkingSets
{
    /// <summary>Empties one.</summary>
    /// <param name="address">Which process.</param>
    /// <param name="who">Who wants it.</param>
    /// <param name="cancellation">Gives up waiting; what the agent has begun it ends.</param>
    /// <exception cref="AgentRequestException">It was not done; the message says why.</exception>
    Task<EmptiedWorkingSet> EmptyAsync(LiveProcessAddress address, string who, CancellationToken cancellation);
}
