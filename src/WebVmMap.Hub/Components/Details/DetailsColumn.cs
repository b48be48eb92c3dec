namespace WebVmMap.Hub.Components.Details;

/// <summary>The columns of the details. Those up to <see cref="Reserved"/> have the values of the metrics.</summary>
public enum DetailsColumn
{
    /// <summary>Address space taken.</summary>
    Size = 0,

    /// <summary>Committed bytes.</summary>
    Committed = 1,

    /// <summary>Private bytes.</summary>
    Private = 2,

    /// <summary>Private working set.</summary>
    PrivateWs = 3,

    /// <summary>Shareable working set.</summary>
    ShareableWs = 4,

    /// <summary>Shared working set.</summary>
    SharedWs = 5,

    /// <summary>Locked working set.</summary>
    LockedWs = 6,

    /// <summary>Proportional set size.</summary>
    Pss = 7,

    /// <summary>Swapped out.</summary>
    Swap = 8,

    /// <summary>Working set.</summary>
    TotalWs = 9,

    /// <summary>Size minus Committed.</summary>
    Reserved = 10,

    /// <summary>First address.</summary>
    Address = 11,

    /// <summary>Category.</summary>
    Type = 12,

    /// <summary>How many regions.</summary>
    Blocks = 13,

    /// <summary>What may be done with it.</summary>
    Protection = 14,

    /// <summary>What it is.</summary>
    Details = 15,
}
