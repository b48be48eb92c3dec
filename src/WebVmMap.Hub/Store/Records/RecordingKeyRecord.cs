using System.Diagnostics.CodeAnalysis;

namespace WebVmMap.Hub.Store.Records;

/// <summary>A key frame of a recording (docs/formats.md): with it nobody has to read the intervals before.</summary>
internal sealed class RecordingKeyRecord
{
    public required string RecordingId { get; init; }

    /// <summary>How many intervals it stands for.</summary>
    public required int Intervals { get; init; }

    /// <summary>What is new since the key frame before it.</summary>
    [SuppressMessage("Performance", "CA1819:Properties should not return arrays", Justification = "A database column of bytes.")]
    public required byte[] Additions { get; init; }

    /// <summary>What all sites did so far.</summary>
    [SuppressMessage("Performance", "CA1819:Properties should not return arrays", Justification = "A database column of bytes.")]
    public required byte[] Ledger { get; init; }
}
