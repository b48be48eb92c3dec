using WebVmMap.Core.Processes;
using WebVmMap.Core.Snapshots;

namespace WebVmMap.Hub.Ingest;

/// <summary>A snapshot that was asked for and not received yet. Thread-safe.</summary>
internal sealed class PendingSnapshot(string hostId, ProcessKey process) : PendingAnswer<Snapshot>
{
    private int _claimed;

    public string HostId { get; } = hostId;

    /// <summary>True for the first upload only: a second one with the same id is refused.</summary>
    public bool TryClaim() => Interlocked.Exchange(ref _claimed, 1) == 0;

    /// <inheritdoc/>
    /// <exception cref="InvalidDataException">It is not of the process that was asked for.</exception>
    public override void Complete(Snapshot answer)
    {
        var key = answer.Process.Key;
        if (key.Pid != process.Pid || (process.StartStamp != 0 && key.StartStamp != process.StartStamp))
        {
            throw new InvalidDataException($"The agent sent a snapshot of process {key.Pid} where one of {process.Pid} was asked for.");
        }
        base.Complete(answer);
    }
}
