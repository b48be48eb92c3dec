namespace WebVmMap.Core.Diffs;

/// <summary>In what a region or an allocation differs. The values are part of the sent format.</summary>
[Flags]
public enum DiffAspects : ushort
{
    /// <summary>In nothing.</summary>
    None = 0,

    /// <summary>It begins elsewhere (a stack that grew downwards). Not looked at where matching is by identity.</summary>
    Address = 1,

    /// <summary>Its Size.</summary>
    Size = 2,

    /// <summary>Its Committed.</summary>
    Committed = 4,

    /// <summary>Its Private.</summary>
    Private = 8,

    /// <summary>What of it is in memory or in swap, and how that is shared or locked: any working set column, PSS or Swap.</summary>
    Residency = 16,

    /// <summary>Its protection.</summary>
    Protection = 32,

    /// <summary>Its category: its figures move from one row of the summary to another.</summary>
    Category = 64,

    /// <summary>Its details. Where matching is by identity, numbers in names of heaps and threads do not count.</summary>
    Details = 128,

    /// <summary>It belongs to an allocation with another base. Not looked at where matching is by identity.</summary>
    Allocation = 256,

    /// <summary>
    /// It was added or removed where memory was in use already: split off from a region, or joined to one. The other part of
    /// the change stands in the row of that region.
    /// </summary>
    Part = 512,
}
