using WebVmMap.Core.Formats;

namespace WebVmMap.Core.Import;

/// <summary>What an import refuses, so that no file takes more memory than it is worth. Those of a stored snapshot hold besides.</summary>
public sealed record ImportLimits
{
    /// <summary>The limits that hold where nothing else is said.</summary>
    public static ImportLimits Default { get; } = new();

    /// <summary>Bytes of a file.</summary>
    public long MaxBytes { get; init; } = FormatLimits.MaxBodyBytes;

    /// <summary>Rows of all snapshots of a text file together, allocations and blocks both. A <c>.wvm</c> has its own limit.</summary>
    public int MaxRows { get; init; } = 2_000_000;

    /// <summary>Snapshots of one file.</summary>
    public int MaxSnapshots { get; init; } = 100;

    /// <summary>Characters of one line of a CSV file.</summary>
    public int MaxLineChars { get; init; } = 256 * 1024;

    /// <summary>How deep XML elements and JSON values may nest.</summary>
    public int MaxDepth { get; init; } = 32;
}
