using WebVmMap.Core.Recordings;

namespace WebVmMap.Hub.Tests.Recordings;

/// <summary>
/// A recording whose every figure is plain: in interval i, main calls leak at line 10, which allocates one block of 100 bytes that stays; and
/// main calls work, which allocates two blocks of 10 bytes that are freed in the interval after.
/// </summary>
internal static class RecordedScript
{
    public const string Module = "/opt/demo/leaky";

    public static DateTimeOffset EndOf(int interval) => new DateTimeOffset(2026, 11, 2, 9, 0, 0, TimeSpan.Zero).AddMilliseconds(250 * (interval + 1));

    public static RecordingInterval Interval(int index, DateTimeOffset? endedAt = null) => new()
    {
        Index = index,
        EndedAt = endedAt ?? EndOf(index),
        Modules = index == 0 ? [new RecordedModule(Module, "ab", "found")] : [],
        Frames = index == 0 ? [new RecordedFrame(0, 0x10), new RecordedFrame(0, 0x20), new RecordedFrame(0, 0x30)] : [],
        Nodes = index == 0 ? [new RecordedNode(-1, 0), new RecordedNode(0, 1), new RecordedNode(0, 2)] : [],
        Sites = index == 0 ? [new AllocationSite(1, AllocationKind.Heap), new AllocationSite(2, AllocationKind.Heap)] : [],
        Symbols = index == 0
            ? [Named(0, "main", 5), Named(1, "leak", 10), Named(2, "work", 20)]
            : [],
        Allocated = [new SiteAllocated(0, 1, 100), new SiteAllocated(1, 2, 20)],
        Freed = index == 0 ? [] : [new SiteFreed(1, index - 1, 2, 20)],
        Health = new RecordingHealth { Events = 5 * (index + 1) - 2, Threads = 1 },
    };

    private static FrameSymbols Named(int frame, string function, int line) => new(frame, [new CodeLine(function, "/src/leaky.c", line)]);
}
