namespace WebVmMap.Probes.Linux.PageOut;

/// <summary>What the kernel refused to page out, by reason, in bytes that were resident there.</summary>
internal struct PageOutTally
{
    /// <summary>Locked in memory by the process.</summary>
    public long Locked;

    /// <summary>Huge pages of hugetlbfs.</summary>
    public long HugePages;

    /// <summary>Memory of a device or of the kernel's own.</summary>
    public long Device;

    /// <summary>0, or the errno value that ended the pass.</summary>
    public int Error;
}
