using System.Collections.Immutable;

namespace WebVmMap.Core.Recordings;

/// <summary>Which live blocks are asked for: those that fit all of it. Immutable.</summary>
public sealed record BlockQuestion
{
    /// <summary>Only the block that holds this address; null for any.</summary>
    public ulong? Address { get; init; }

    /// <summary>Only blocks that begin within one of these ranges, each from and up to but not including; rising, apart from each other. Empty for anywhere.</summary>
    public ImmutableArray<(ulong From, ulong To)> Ranges { get; init; } = [];

    /// <summary>Only blocks of these sites; null for any.</summary>
    public SiteSet? Sites { get; init; }

    /// <summary>Only blocks that were allocated in these intervals, from and up to but not including; null for any time.</summary>
    public (int From, int To)? Born { get; init; }

    /// <summary>Only blocks of at least so many bytes.</summary>
    public long MinSize { get; init; }

    /// <summary>Which of those that fit come first.</summary>
    public BlockOrder Order { get; init; }

    /// <summary>So many that would come first are left out.</summary>
    public int Skip { get; init; }

    /// <summary>At most so many; 0 for figures alone.</summary>
    public int Top { get; init; } = 100;

    /// <summary>
    /// Addresses, rising, between which blocks are counted: what begins from one of them on, up to the next, is one group. Empty for no groups.
    /// </summary>
    public ImmutableArray<ulong> Bounds { get; init; } = [];
}
