using WebVmMap.Core.Processes;
using WebVmMap.Core.Snapshots;
using WebVmMap.Hub.Hosts;

namespace WebVmMap.Hub.Ingest;

/// <summary>A snapshot that was asked for and not received yet. Thread-safe.</summary>
internal sealed class PendingSnapshot(string hostId, ProcessKey process)
{
    private readonly TaskCompletionSource<Snapshot> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _claimed;

    public string HostId { get; } = hostId;

    public Task<Snapshot> Done => _done.Task;

    /// <summary>True for the first upload only: a second one with the same id is refused.</summary>
    public bool TryClaim() => Interlocked.Exchange(ref _claimed, 1) == 0;

    /// <summary>Hands the snapshot to whoever waits.</summary>
    /// <exception cref="InvalidDataException">It is not of the process that was asked for.</exception>
    public void Complete(Snapshot snapshot)
    {
        var key = snapshot.Process.Key;
        if (key.Pid != process.Pid || (process.StartStamp != 0 && key.StartStamp != process.StartStamp))
        {
            throw new InvalidDataException($"The agent sent a snapshot of process {key.Pid} where one of {process.Pid} was asked for.");
        }
        _done.TrySetResult(snapshot);
    }

    public void Fail(AgentFailure failure, string message) => _done.TrySetException(new AgentRequestException(failure, message));
}
