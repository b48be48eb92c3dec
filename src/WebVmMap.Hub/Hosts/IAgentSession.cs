using WebVmMap.Core.Processes;
using WebVmMap.Core.Recordings;
using WebVmMap.Core.Snapshots;
using WebVmMap.Hub.Recordings;

namespace WebVmMap.Hub.Hosts;

/// <summary>A connected agent, and what can be asked of it. Thread-safe.</summary>
public interface IAgentSession
{
    /// <summary>The host it is on.</summary>
    string HostId { get; }

    /// <summary>Asks for the processes of the host.</summary>
    /// <exception cref="AgentRequestException">There is no answer; the message says why.</exception>
    Task<IReadOnlyList<ProcessInfo>> ListProcessesAsync(CancellationToken cancellation);

    /// <summary>Asks for a snapshot and waits until all of it has come.</summary>
    /// <exception cref="AgentRequestException">There is none; the message says why.</exception>
    Task<Snapshot> TakeSnapshotAsync(ProcessKey process, CancellationToken cancellation);

    /// <summary>Has the agent take a process's pages out of memory.</summary>
    /// <exception cref="AgentRequestException">It did not; the message says why.</exception>
    Task<EmptiedWorkingSet> EmptyWorkingSetAsync(ProcessKey process, CancellationToken cancellation);

    /// <summary>Has the agent begin a recording; what it records comes on a stream of its own that names it.</summary>
    /// <param name="id">The hub's own name of it.</param>
    /// <param name="recording">What is asked for.</param>
    /// <param name="cancellation">Gives up waiting; what the agent has begun goes on.</param>
    /// <returns>The process.</returns>
    /// <exception cref="AgentRequestException">It did not begin; the message says why.</exception>
    Task<RecordedProcess> StartRecordingAsync(string id, NewRecording recording, CancellationToken cancellation);

    /// <summary>Has the agent end a recording; the rest of it comes on its stream. Does nothing once the agent is gone.</summary>
    /// <param name="id">The hub's own name of it.</param>
    /// <param name="endProgram">Whether to end the program too that the agent launched for it.</param>
    void StopRecording(string id, bool endProgram);

    /// <summary>Asks for live blocks of a recording that runs.</summary>
    /// <exception cref="AgentRequestException">There is no answer; the message says why.</exception>
    Task<FoundBlocks> FindBlocksAsync(string id, BlockQuestion question, CancellationToken cancellation);

    /// <summary>Asks for lines of a source file that a recording names.</summary>
    /// <param name="id">The hub's own name of the recording.</param>
    /// <param name="file">The file, as the recording has it.</param>
    /// <param name="line">The line, from 1.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    /// <exception cref="AgentRequestException">There is no answer; the message says why.</exception>
    Task<SourceLines> ReadSourceAsync(string id, string file, int line, CancellationToken cancellation);

    /// <summary>Asks for samples; they come on a stream of their own that names the watch. Does nothing once the agent is gone.</summary>
    /// <param name="watchId">The hub's own name of the watch.</param>
    /// <param name="process">Which process.</param>
    /// <param name="intervalMs">How often, in milliseconds; 0 for by hand.</param>
    void Watch(string watchId, ProcessKey process, int intervalMs);

    /// <summary>Changes how often samples come; 0 asks for one now, and for no more until asked again.</summary>
    void SetWatchInterval(string watchId, int intervalMs);

    /// <summary>Ends a watch.</summary>
    void Unwatch(string watchId);
}
