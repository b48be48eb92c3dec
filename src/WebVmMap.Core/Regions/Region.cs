namespace WebVmMap.Core.Regions;

/// <summary>
/// One run of pages with equal state and protection. A value to build a table from and to read one row of it;
/// in bulk, regions live as columns in a <see cref="RegionTable"/>. Sizes are 64-bit: regions of many GiB are ordinary.
/// </summary>
public readonly record struct Region
{
    /// <summary>First address, a multiple of 4096.</summary>
    public required ulong Address { get; init; }

    /// <summary>Length in bytes, a multiple of 4096, at least one page.</summary>
    public required long Size { get; init; }

    /// <summary>First address of the allocation that it belongs to.</summary>
    public required ulong AllocationBase { get; init; }

    /// <summary>What it is.</summary>
    public required RegionCategory Category { get; init; }

    /// <summary>What may be done with it.</summary>
    public Protection Protection { get; init; }

    /// <summary>Index into the table's strings: a path, a heap, a thread; 0 for none.</summary>
    public int Detail { get; init; }

    /// <summary>See <see cref="RegionMetric.Committed"/>.</summary>
    public long Committed { get; init; }

    /// <summary>See <see cref="RegionMetric.Private"/>.</summary>
    public long Private { get; init; }

    /// <summary>See <see cref="RegionMetric.PrivateWs"/>.</summary>
    public long PrivateWs { get; init; }

    /// <summary>See <see cref="RegionMetric.ShareableWs"/>.</summary>
    public long ShareableWs { get; init; }

    /// <summary>See <see cref="RegionMetric.SharedWs"/>.</summary>
    public long SharedWs { get; init; }

    /// <summary>See <see cref="RegionMetric.LockedWs"/>.</summary>
    public long LockedWs { get; init; }

    /// <summary>See <see cref="RegionMetric.Pss"/>.</summary>
    public long Pss { get; init; }

    /// <summary>See <see cref="RegionMetric.Swap"/>.</summary>
    public long Swap { get; init; }

    /// <summary>The first address after it.</summary>
    public ulong End => unchecked(Address + (ulong)Size);

    /// <summary>Private WS + Shareable WS.</summary>
    public long TotalWs => PrivateWs + ShareableWs;

    /// <summary>Size - Committed.</summary>
    public long Reserved => Size - Committed;
}
