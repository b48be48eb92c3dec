using System.Collections.Immutable;
using WebVmMap.Core.Recordings;

namespace WebVmMap.Hub.Recordings;

/// <summary>A live block with what a person asks of it. Immutable.</summary>
/// <param name="Address">Its first byte.</param>
/// <param name="Size">Its bytes, as they were asked for.</param>
/// <param name="Kind">Through what it was got.</param>
/// <param name="AllocatedAt">The end of the interval in which it was allocated; null when that was before the recording or is just under way.</param>
/// <param name="Thread">The thread that allocated it, by its system-wide id; 0 when unknown.</param>
/// <param name="Weight">How many blocks it stands for, itself included: more than 1 only in a sampled recording.</param>
/// <param name="Stack">Who called whom, innermost first, inlined ones too; empty when unknown.</param>
/// <param name="BeforeRecording">Whether it was there before the recording: then its size is what can be used of it, and nobody knows its stack.</param>
public sealed record RecordedBlock(ulong Address, long Size, AllocationKind Kind, DateTimeOffset? AllocatedAt, int Thread, int Weight, ImmutableArray<CodePlace> Stack, bool BeforeRecording = false)
{
    /// <summary>The block of a recording.</summary>
    public static RecordedBlock Of(RecordingState recording, LiveBlock block) => new(
        block.Address,
        block.Size,
        block.Site < recording.Sites.Count ? recording.Sites[block.Site].Kind : AllocationKind.Heap,
        block.Born >= 0 && block.Born < recording.Intervals ? recording.Ends[block.Born] : null,
        block.Thread,
        block.Weight,
        [.. SiteCalls.Of(recording, block.Site)],
        block.Site < recording.Sites.Count && recording.Sites[block.Site].BeforeRecording);
}
