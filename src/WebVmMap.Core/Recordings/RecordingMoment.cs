namespace WebVmMap.Core.Recordings;

/// <summary>A point of a recording's timeline: what happened in one interval, and what was live at its end: to the allocator's blocks, and apart from them to what the program got from the system itself. Immutable.</summary>
/// <param name="EndedAt">When the interval ended.</param>
/// <param name="LiveBytes">Bytes live then, with those from before the recording.</param>
/// <param name="LiveBlocks">Blocks live then.</param>
/// <param name="AllocatedBytes">Bytes allocated in it.</param>
/// <param name="Allocations">Blocks allocated in it.</param>
/// <param name="FreedBytes">Bytes freed in it.</param>
/// <param name="Frees">Blocks freed in it.</param>
/// <param name="LiveVirtualBytes">Bytes live then that the program got from the system itself, which <paramref name="LiveBytes"/> has not.</param>
/// <param name="VirtualAllocatedBytes">Bytes that it got so in it.</param>
/// <param name="VirtualFreedBytes">Bytes that it gave back so in it.</param>
public readonly record struct RecordingMoment(
    DateTimeOffset EndedAt,
    long LiveBytes,
    long LiveBlocks,
    long AllocatedBytes,
    long Allocations,
    long FreedBytes,
    long Frees,
    long LiveVirtualBytes,
    long VirtualAllocatedBytes,
    long VirtualFreedBytes);
