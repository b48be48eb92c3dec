namespace WebVmMap.Core.Diffs;

/// <summary>How the regions of two snapshots were brought together. The values are part of the sent format.</summary>
public enum DiffMatching : byte
{
    /// <summary>Not told.</summary>
    Unspecified = 0,

    /// <summary>By where they lie: the same address space at two moments.</summary>
    Address = 1,

    /// <summary>
    /// By what they are, since the address spaces differ (two runs, two hosts, a process that replaced its program): category,
    /// backing file, heap or thread, and order; inside an allocation by offset, protection and order.
    /// </summary>
    Identity = 2,
}
