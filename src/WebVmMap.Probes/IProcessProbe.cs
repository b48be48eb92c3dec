using WebVmMap.Core.Processes;
using WebVmMap.Core.Regions;
using WebVmMap.Core.Snapshots;

namespace WebVmMap.Probes;

/// <summary>
/// One process, looked at again and again: keeps its handles, buffers and interned texts between passes. The text indexes of
/// one pass stay valid in the next unless <see cref="RegionTable.Strings"/> begins anew (it only ever grows otherwise).
/// Used by one thread at a time.
/// </summary>
public interface IProcessProbe : IDisposable
{
    /// <summary>Which process.</summary>
    ProcessKey Key { get; }

    /// <summary>A full pass over the address space.</summary>
    /// <param name="cancellation">Ends the pass early; it then throws <see cref="OperationCanceledException"/>.</param>
    ProbeResult<Snapshot> TakeSnapshot(CancellationToken cancellation);

    /// <summary>The cheap counters alone: microseconds, and no lock of the target is held.</summary>
    ProbeResult<ProcessCounters> ReadCounters();

    /// <summary>
    /// Has the system take the process's pages out of memory as far as it lets itself. Nothing is lost, but the process has to
    /// fetch what it uses again: this changes how it behaves, so whoever calls it has been permitted to.
    /// </summary>
    /// <param name="cancellation">Ends it early; it then throws <see cref="OperationCanceledException"/>, and what is out stays out.</param>
    ProbeResult<EmptiedWorkingSet> EmptyWorkingSet(CancellationToken cancellation);
}
