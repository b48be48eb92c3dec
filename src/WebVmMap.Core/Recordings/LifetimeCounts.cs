namespace WebVmMap.Core.Recordings;

/// <summary>What a site allocated and freed again soon, by how many intervals lay between, each freed block in one of them.</summary>
/// <param name="Blocks">Freed within the interval in which they were allocated.</param>
/// <param name="Bytes">Bytes of those.</param>
/// <param name="SecondBlocks">Freed later than that, and at most <see cref="SecondIntervals"/> after.</param>
/// <param name="SecondBytes">Bytes of those.</param>
/// <param name="TenBlocks">Freed later than that, and at most <see cref="TenIntervals"/> after.</param>
/// <param name="TenBytes">Bytes of those.</param>
internal readonly record struct LifetimeCounts(long Blocks, long Bytes, long SecondBlocks, long SecondBytes, long TenBlocks, long TenBytes)
{
    /// <summary>Intervals of a second.</summary>
    public const int SecondIntervals = 4;

    /// <summary>Intervals of ten seconds.</summary>
    public const int TenIntervals = 40;

    /// <summary>What was freed so many intervals after it was allocated.</summary>
    public static LifetimeCounts Of(int age, long blocks, long bytes) => age switch
    {
        0 => new(blocks, bytes, 0, 0, 0, 0),
        <= SecondIntervals => new(0, 0, blocks, bytes, 0, 0),
        <= TenIntervals => new(0, 0, 0, 0, blocks, bytes),
        _ => default,
    };

    /// <summary>Blocks and bytes that lived no longer than that.</summary>
    public (long Blocks, long Bytes) Within(TemporaryWithin within) => within switch
    {
        TemporaryWithin.Interval => (Blocks, Bytes),
        TemporaryWithin.Second => (Blocks + SecondBlocks, Bytes + SecondBytes),
        _ => (Blocks + SecondBlocks + TenBlocks, Bytes + SecondBytes + TenBytes),
    };

    public LifetimeCounts Add(in LifetimeCounts other) => new(
        Blocks + other.Blocks, Bytes + other.Bytes, SecondBlocks + other.SecondBlocks, SecondBytes + other.SecondBytes, TenBlocks + other.TenBlocks, TenBytes + other.TenBytes);

    public LifetimeCounts Less(in LifetimeCounts other) => new(
        Blocks - other.Blocks, Bytes - other.Bytes, SecondBlocks - other.SecondBlocks, SecondBytes - other.SecondBytes, TenBlocks - other.TenBlocks, TenBytes - other.TenBytes);
}
