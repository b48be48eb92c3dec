namespace WebVmMap.Hub.Api;

/// <summary>An allocation, or one of its blocks. Sizes are bytes.</summary>
internal sealed record RegionDto
{
    /// <summary>First address, hexadecimal.</summary>
    public required string Address { get; init; }

    /// <summary>Address space taken.</summary>
    public required long Size { get; init; }

    /// <summary>What it is.</summary>
    public required string Category { get; init; }

    /// <summary>Size - committed.</summary>
    public required long Reserved { get; init; }

    /// <summary>The part backed by memory, swap or a mapped file.</summary>
    public required long Committed { get; init; }

    /// <summary>The part charged to this process alone.</summary>
    public required long Private { get; init; }

    /// <summary>Resident.</summary>
    public required long TotalWs { get; init; }

    /// <summary>Resident and not shareable.</summary>
    public required long PrivateWs { get; init; }

    /// <summary>Resident and shareable.</summary>
    public required long ShareableWs { get; init; }

    /// <summary>The part of the shareable that another process has mapped.</summary>
    public required long SharedWs { get; init; }

    /// <summary>Resident and locked.</summary>
    public required long LockedWs { get; init; }

    /// <summary>Proportional set size (Linux).</summary>
    public required long Pss { get; init; }

    /// <summary>Swapped out (Linux).</summary>
    public required long Swap { get; init; }

    /// <summary>How many blocks it has.</summary>
    public required int Blocks { get; init; }

    /// <summary>What may be done with it.</summary>
    public required string Protection { get; init; }

    /// <summary>A path, a heap, a thread; empty when nothing is known.</summary>
    public required string Details { get; init; }

    /// <summary>The blocks of an allocation of more than one.</summary>
    public IReadOnlyList<RegionDto> Children { get; init; } = [];
}
