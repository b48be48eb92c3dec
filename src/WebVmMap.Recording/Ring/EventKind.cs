namespace WebVmMap.Recording.Ring;

/// <summary>What an event of the ring says; docs/formats/recording-ring.md.</summary>
internal enum EventKind
{
    None = 0,
    Alloc = 1,
    Free = 2,
    AllocBig = 3,
    Realloc = 4,
    ReallocFailed = 5,
    Map = 6,
    Unmap = 7,
    StackNew = 8,
    Thread = 9,
    Exec = 10,
}
