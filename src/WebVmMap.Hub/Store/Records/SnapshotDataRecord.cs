using System.Diagnostics.CodeAnalysis;

namespace WebVmMap.Hub.Store.Records;

/// <summary>The bytes of a snapshot, as in docs/formats.md.</summary>
internal sealed class SnapshotDataRecord
{
    public required string Id { get; init; }

    [SuppressMessage("Performance", "CA1819:Properties should not return arrays", Justification = "A database column of bytes.")]
    public required byte[] Data { get; init; }
}
