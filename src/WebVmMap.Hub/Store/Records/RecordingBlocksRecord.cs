using System.Diagnostics.CodeAnalysis;

namespace WebVmMap.Hub.Store.Records;

/// <summary>What was live when a recording ended (docs/formats.md "Live blocks").</summary>
internal sealed class RecordingBlocksRecord
{
    public required string RecordingId { get; init; }

    [SuppressMessage("Performance", "CA1819:Properties should not return arrays", Justification = "A database column of bytes.")]
    public required byte[] Data { get; init; }
}
