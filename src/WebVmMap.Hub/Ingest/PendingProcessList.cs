using WebVmMap.Core.Processes;
using WebVmMap.Protocol;
using WebVmMap.Protocol.V1;

namespace WebVmMap.Hub.Ingest;

/// <summary>A process list that was asked for and comes in one or more messages. Added to by the one reader of the connection.</summary>
internal sealed class PendingProcessList : PendingAnswer<IReadOnlyList<ProcessInfo>>
{
    // By id, since a page shows a process once: an agent that tells one twice is believed the second time.
    private readonly Dictionary<int, ProcessInfo> _processes = [];

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
            Complete([.. _processes.Values]);
        }
    }
}
