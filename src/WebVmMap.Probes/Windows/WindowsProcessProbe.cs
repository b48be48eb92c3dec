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
    public ProbeResult<EmptiedWorkingSet> EmptyWorkingSet(CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var before = process.ReadCounters().WorkingSet;
        var error = process.EmptyWorkingSet();
        if (process.HasExited)
        {
            return new ProbeFailure(ProbeOutcome.Gone, "The process has ended.");
        }
        if (error == WindowsError.AccessDenied)
        {
            return new ProbeFailure(ProbeOutcome.Denied, Rights.MissingQuotaMessage);
        }
        if (error != WindowsError.Success)
        {
            return new ProbeFailure(ProbeOutcome.Failed, $"The working set could not be emptied: system error {error}.");
        }
        if (before is not { } resident || process.ReadCounters().WorkingSet is not { } left)
        {
            return new ProbeFailure(ProbeOutcome.Failed, "The working set was emptied, but the system does not tell its size.");
        }
        return new EmptiedWorkingSet(resident, left, left < resident
            ? ["Windows keeps the pages in memory on standby until somebody else needs the room: until then the process gets them back quickly."]
            : ["Windows says that it emptied the working set, but it did not shrink: the process took its pages back at once, or this is Wine, which answers so and does nothing."]);
    }

    /// <inheritdoc/>
    public void Dispose() => process.Dispose();
}
