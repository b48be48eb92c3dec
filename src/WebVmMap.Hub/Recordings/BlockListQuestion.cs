using System.Collections.Immutable;
using WebVmMap.Core.Recordings;

namespace WebVmMap.Hub.Recordings;

/// <summary>Which live blocks of a recording are asked for, in a person's terms: those that fit all of it. Immutable.</summary>
public sealed record BlockListQuestion
{
    /// <summary>The span in which they were allocated, and how the calls of <see cref="Call"/> are put together.</summary>
    public CallTreeQuestion Calls { get; init; } = CallTreeQuestion.Whole with { Kind = null };

    /// <summary>Token of the call that they count for, in the tree of <see cref="Calls"/>; empty for all.</summary>
    public string Call { get; init; } = "";

    /// <summary>A function that their stack goes through, as it is told in call trees; empty for any.</summary>
    public string Function { get; init; } = "";

    /// <summary>Only the block that holds this address; null for any.</summary>
    public ulong? Address { get; init; }

    /// <summary>Only those that begin in one of these ranges of addresses, each from and up to but not including; rising, apart from each other. Empty for anywhere.</summary>
    public ImmutableArray<(ulong From, ulong To)> Ranges { get; init; } = [];

    /// <summary>Only those of at least so many bytes.</summary>
    public long MinSize { get; init; }

    /// <summary>Which come first.</summary>
    public BlockOrder Order { get; init; }

    /// <summary>So many that come first are left out.</summary>
    public int Skip { get; init; }

    /// <summary>At most so many; 0 for figures alone.</summary>
    public int Top { get; init; } = 100;

    /// <summary>Addresses, rising, between which all that fit are counted.</summary>
    public ImmutableArray<ulong> Bounds { get; init; } = [];
}
