using WebVmMap.Core.Processes;
using WebVmMap.Core.Snapshots;

namespace WebVmMap.Probes.Windows;

/// <summary>A Windows process, looked at again and again. The open handle keeps the process's id from being given to another.</summary>
internal sealed class WindowsProcessProbe(IWindowsProcess process, ProcessInfo info, TimeProvider time, Func<TimeSpan> threadTime) : IProcessProbe
{
    private readonly SnapshotReader _reader = new();

    /// <inheritdoc/>
    public ProcessKey Key => info.Key;

    /// <inheritdoc/>
    public ProbeResult<Snapshot> TakeSnapshot(CancellationToken cancellation)
    {
        var takenAt = time.GetUtcNow();
        var started = time.GetTimestamp();
        var cpu = threadTime();
        var result = _reader.Read(process, cancellation);
        if (!result.TryGet(out var reading))
        {
            return result.Failure;
        }
        return new Snapshot(reading.Regions, reading.Bounds)
        {
            Platform = HostPlatform.Windows,
            Process = info with
            {
                Managed = info.Managed || reading.Managed,
                PrivateBytes = reading.Counters.PrivateCommit ?? info.PrivateBytes,
                WorkingSetBytes = reading.Counters.WorkingSet ?? info.WorkingSetBytes,
            },
            TakenAt = takenAt,
            Cost = new SnapshotCost(time.GetElapsedTime(started).TotalMilliseconds, (threadTime() - cpu).TotalMilliseconds),
            Counters = reading.Counters,
            Notes = reading.Notes,
        };
    }

    /// <inheritdoc/>
    public ProbeResult<ProcessCounters> ReadCounters() =>
        process.HasExited ? new ProbeFailure(ProbeOutcome.Gone, "The process has ended.") : process.ReadCounters();

    /// <inheritdoc/>
    public void Dispose() => process.Dispose();
}
