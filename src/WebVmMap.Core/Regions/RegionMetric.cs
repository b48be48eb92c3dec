namespace WebVmMap.Core.Regions;

/// <summary>The figures of a region, in bytes. The first nine are kept; Total WS and Reserved follow from them.</summary>
public enum RegionMetric : byte
{
    /// <summary>Address space taken.</summary>
    Size = 0,

    /// <summary>The part backed by memory, swap or a mapped file.</summary>
    Committed = 1,

    /// <summary>The part charged to this process alone.</summary>
    Private = 2,

    /// <summary>Resident and not shareable.</summary>
    PrivateWs = 3,

    /// <summary>Resident and shareable with other processes, whether or not another one has it mapped.</summary>
    ShareableWs = 4,

    /// <summary>The part of Shareable WS that another process has mapped now.</summary>
    SharedWs = 5,

    /// <summary>Resident and locked there.</summary>
    LockedWs = 6,

    /// <summary>Proportional set size: shared pages divided by how many map them (Linux).</summary>
    Pss = 7,

    /// <summary>Swapped out (Linux).</summary>
    Swap = 8,

    /// <summary>Resident: Private WS + Shareable WS.</summary>
    TotalWs = 9,

    /// <summary>Size - Committed.</summary>
    Reserved = 10,
}
