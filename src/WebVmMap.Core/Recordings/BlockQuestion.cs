namespace WebVmMap.Core.Recordings;

/// <summary>Which live blocks are asked for: those that fit all of it. Immutable.</summary>
public sealed record BlockQuestion
{
    /// <summary>Only the block that holds this address; null for any.</summary>
    public ulong? Address { get; init; }

    /// <summary>Only blocks that begin within this range, from and up to but not including; null for anywhere.</summary>
    public (ulong From, ulong To)? Range { get; init; }

    /// <summary>Only blocks of this site; null for any.</summary>
    public int? Site { get; init; }

    /// <summary>Only blocks of at least so many bytes.</summary>
    public long MinSize { get; init; }

    /// <summary>At most so many.</summary>
    public int Top { get; init; } = 100;
}
