using WebVmMap.Core.Processes;
using WebVmMap.Hub.Hosts;
using WebVmMap.Protocol;
using WebVmMap.Protocol.V1;

namespace WebVmMap.Hub.Ingest;

/// <summary>A process list that was asked for and comes in one or more messages. Added to by the one reader of the connection.</summary>
internal sealed class PendingProcessList
{
    // By id, since a page shows a process once: an agent that tells one twice is believed the second time.
    private readonly Dictionary<int, ProcessInfo> _processes = [];
    private readonly TaskCompletionSource<IReadOnlyList<ProcessInfo>> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<IReadOnlyList<ProcessInfo>> Done => _done.Task;

    /// <summary>Takes one message in.</summary>
    /// <exception cref="InvalidDataException">It breaks a rule; the message says which.</exception>
    public void Add(ProcessList part)
    {
        foreach (var row in part.Processes)
        {
            _processes[row.Pid] = row.ToCore();
        }
        if (_processes.Count > IngestLimits.Processes)
        {
            throw new InvalidDataException($"The agent lists more than {IngestLimits.Processes} processes.");
        }
        if (part.Complete)
        {
            _done.TrySetResult([.. _processes.Values]);
        }
    }

    public void Fail(AgentFailure failure, string message) => _done.TrySetException(new AgentRequestException(failure, message));
}
