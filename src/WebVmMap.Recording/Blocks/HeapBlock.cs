namespace WebVmMap.Recording.Blocks;

/// <summary>A block that a heap had given out when it was looked at from outside.</summary>
/// <param name="Address">What <c>malloc</c> returned.</param>
/// <param name="Size">Its usable bytes, as <c>malloc_usable_size</c> tells them: up to 24 more than were asked for.</param>
internal readonly record struct HeapBlock(ulong Address, long Size);
