namespace WebVmMap.Core.Recordings;

/// <summary>Whether the blocks that a program had before its recording were counted, and if not, why. The numbers are those of docs/formats.md.</summary>
public enum HeapBefore
{
    /// <summary>There are none: the program was launched under recording.</summary>
    None = 0,

    /// <summary>They are being counted.</summary>
    UnderWay = 1,

    /// <summary>They were counted.</summary>
    Counted = 2,

    /// <summary>The program uses jemalloc.</summary>
    Jemalloc = 3,

    /// <summary>The program uses tcmalloc.</summary>
    Tcmalloc = 4,

    /// <summary>The program uses mimalloc.</summary>
    Mimalloc = 5,

    /// <summary>The program uses an allocator of its own.</summary>
    OtherAllocator = 6,

    /// <summary>The recording is sampled: of blocks that it does not follow it hears no free.</summary>
    Sampled = 7,

    /// <summary>The heap is laid out in no way that is known.</summary>
    UnknownLayout = 8,

    /// <summary>What lies in the heap makes no sense, or could not be read.</summary>
    Unreadable = 9,

    /// <summary>The heap changed faster than it could be read.</summary>
    Changing = 10,

    /// <summary>The program runs on Windows.</summary>
    Windows = 11,

    /// <summary>The recording ended before they were counted, or the program ran another one.</summary>
    Ended = 12,

    /// <summary>The processes that one program started have more blocks together than are followed.</summary>
    TooMany = 13,
}
