using WebVmMap.Core.Recordings;

namespace WebVmMap.Hub.Recordings;

/// <summary>What a recorded process had before its recording began, as it is told without what is in the recording.</summary>
/// <param name="State">Whether it was counted, and if not, why.</param>
/// <param name="Blocks">What of it is live.</param>
/// <param name="Bytes">Bytes of these blocks.</param>
/// <param name="UnwalkedBytes">Bytes of the heap that were not looked at, or in which no order was found.</param>
public readonly record struct FromBefore(HeapBefore State, long Blocks, long Bytes, long UnwalkedBytes)
{
    /// <summary>That of a recording as it is now.</summary>
    public static FromBefore Of(RecordingState recording) =>
        new(recording.Health.Before, recording.Before.LiveBlocks, recording.Before.LiveBytes, recording.Health.BeforeUnwalkedBytes);
}
