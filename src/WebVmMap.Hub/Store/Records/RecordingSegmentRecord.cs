using System.Diagnostics.CodeAnalysis;

namespace WebVmMap.Hub.Store.Records;

/// <summary>
/// Intervals of a recording that follow each other, each as its length (four bytes, low first) and its bytes (docs/formats.md). One comes as
/// a segment of its own; many become one later.
/// </summary>
internal sealed class RecordingSegmentRecord
{
    public required string RecordingId { get; init; }

    /// <summary>Number of its first interval.</summary>
    public required int First { get; init; }

    /// <summary>How many intervals it holds.</summary>
    public required int Count { get; init; }

    [SuppressMessage("Performance", "CA1819:Properties should not return arrays", Justification = "A database column of bytes.")]
    public required byte[] Data { get; init; }
}
