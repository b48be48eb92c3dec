using WebVmMap.Core.Regions;

namespace WebVmMap.Core.Import;

/// <summary>A row of a file as it stands there: an allocation or a block of one; which it is follows from what lies in what.</summary>
internal readonly record struct ImportedRow
{
    public required ulong Address { get; init; }

    /// <summary>Bytes; VMMap rounds those of managed heaps down to KB.</summary>
    public required long Size { get; init; }

    public required RegionCategory Category { get; init; }

    public Protection Protection { get; init; }

    /// <summary>Index of its details.</summary>
    public int Detail { get; init; }

    public long Committed { get; init; }

    public long Private { get; init; }

    public long PrivateWs { get; init; }

    public long ShareableWs { get; init; }

    public long SharedWs { get; init; }

    public long LockedWs { get; init; }

    public long Pss { get; init; }

    public long Swap { get; init; }

    /// <summary>The first address after it.</summary>
    public ulong End => unchecked(Address + (ulong)Size);
}
