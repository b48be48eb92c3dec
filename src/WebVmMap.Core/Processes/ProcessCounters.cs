namespace WebVmMap.Core.Processes;

/// <summary>
/// The system's own figures for a whole process, in bytes: read in microseconds, so they draw the timeline between two
/// full passes, and they are the independent source that a snapshot's sums are balanced against.
/// A figure that the system does not tell is null.
/// </summary>
public readonly record struct ProcessCounters
{
    /// <summary>Resident bytes (Linux VmRSS; Windows WorkingSetSize).</summary>
    public long? WorkingSet { get; init; }

    /// <summary>Commit charged to this process alone (Windows PrivateUsage). Linux keeps no such counter.</summary>
    public long? PrivateCommit { get; init; }

    /// <summary>Resident anonymous bytes (Linux RssAnon).</summary>
    public long? ResidentAnonymous { get; init; }

    /// <summary>Swapped-out bytes (Linux VmSwap).</summary>
    public long? Swap { get; init; }

    /// <summary>Address space in use (Linux VmSize; Windows VirtualSize).</summary>
    public long? VirtualSize { get; init; }

    /// <summary>Kernel memory that holds the process's page tables (Linux VmPTE; estimated on Windows).</summary>
    public long? PageTable { get; init; }
}
