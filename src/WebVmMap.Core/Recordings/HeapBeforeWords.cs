namespace WebVmMap.Core.Recordings;

/// <summary>What is said of blocks from before a recording.</summary>
public static class HeapBeforeWords
{
    /// <summary>Why they were not counted, as the rest of a sentence; empty when they were, are being, or there are none.</summary>
    public static string Reason(HeapBefore state) => state switch
    {
        HeapBefore.Jemalloc => "the program uses jemalloc",
        HeapBefore.Tcmalloc => "the program uses tcmalloc",
        HeapBefore.Mimalloc => "the program uses mimalloc",
        HeapBefore.OtherAllocator => "the program uses an allocator of its own, not the C library's",
        HeapBefore.Sampled => "a sampled recording hears of no free but those of its samples",
        HeapBefore.UnknownLayout => "the heap of this C library is laid out in no way that is known here",
        HeapBefore.Unreadable => "the heap cannot be read, or makes no sense",
        HeapBefore.Changing => "the heap changed faster than it could be read",
        HeapBefore.Windows => "heaps of Windows are not walked",
        HeapBefore.TooMany => "the processes that were followed have more blocks together than are kept",
        HeapBefore.Ended => "the recording ended before that was done",
        _ => "",
    };
}
