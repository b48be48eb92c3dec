using System.Diagnostics.CodeAnalysis;

namespace WebVmMap.Hub.Store.Records;

/// <summary>What was live, by stack, when a snapshot was taken of a process under recording: whole by itself, so that it outlives the recording.</summary>
internal sealed class SnapshotBlocksRecord
{
    public required string SnapshotId { get; init; }

    public required string RecordingId { get; init; }

    /// <summary>The stacks, as a recording file of that moment alone (docs/formats.md "Recording file").</summary>
    [SuppressMessage("Performance", "CA1819:Properties should not return arrays", Justification = "A database column of bytes.")]
    public required byte[] Stacks { get; init; }

    /// <summary>The blocks (docs/formats.md "Live blocks").</summary>
    [SuppressMessage("Performance", "CA1819:Properties should not return arrays", Justification = "A database column of bytes.")]
    public required byte[] Data { get; init; }
}
