using WebVmMap.Core.Regions;

namespace WebVmMap.Hub.Components.Compare;

/// <summary>The columns of the changes. Those up to <see cref="Reserved"/> are the differences of the metrics and have their values.</summary>
public enum DiffColumn
{
    /// <summary>Difference of address space taken.</summary>
    Size = RegionMetric.Size,

    /// <summary>Difference of committed bytes.</summary>
    Committed = RegionMetric.Committed,

    /// <summary>Difference of private bytes.</summary>
    Private = RegionMetric.Private,

    /// <summary>Difference of private working set.</summary>
    PrivateWs = RegionMetric.PrivateWs,

    /// <summary>Difference of shareable working set.</summary>
    ShareableWs = RegionMetric.ShareableWs,

    /// <summary>Difference of shared working set.</summary>
    SharedWs = RegionMetric.SharedWs,

    /// <summary>Difference of locked working set.</summary>
    LockedWs = RegionMetric.LockedWs,

    /// <summary>Difference of proportional set size.</summary>
    Pss = RegionMetric.Pss,

    /// <summary>Difference of what is swapped out.</summary>
    Swap = RegionMetric.Swap,

    /// <summary>Difference of working set.</summary>
    TotalWs = RegionMetric.TotalWs,

    /// <summary>Difference of Size minus Committed.</summary>
    Reserved = RegionMetric.Reserved,

    /// <summary>First address, or the old one of what was removed.</summary>
    Address = 11,

    /// <summary>What became of it.</summary>
    Change = 12,

    /// <summary>Category.</summary>
    Type = 13,

    /// <summary>The chosen metric before.</summary>
    Before = 14,

    /// <summary>The chosen metric after.</summary>
    After = 15,

    /// <summary>By how much the chosen metric grew.</summary>
    Delta = 16,

    /// <summary>How much the chosen metric changed, whichever way: an order, not a column that shows.</summary>
    Magnitude = 17,

    /// <summary>What may be done with it.</summary>
    Protection = 18,

    /// <summary>What it is.</summary>
    Details = 19,
}
