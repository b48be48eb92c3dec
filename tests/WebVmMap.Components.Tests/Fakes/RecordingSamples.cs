using WebVmMap.Core.Recordings;
using WebVmMap.Hub.Recordings;

namespace WebVmMap.Components.Tests.Fakes;

/// <summary>
/// A recording of a small program: main calls load, which keeps what it allocates through the C library, and serve, which frees it again.
/// </summary>
internal static class RecordingSamples
{
    public static readonly DateTimeOffset StartedAt = Samples.Noon;

    public static Recording Running { get; } = new()
    {
        Id = "r1",
        HostId = "load-test-07",
        HostName = "load-test-07",
        Pid = 4711,
        Program = "shop",
        CommandLine = "/usr/bin/shop --port 80",
        Launched = true,
        Phase = RecordingPhase.Running,
        StartedAt = StartedAt,
    };

    /// <summary>In the first quarter of a second, load allocates 1 MiB in 4 blocks and serve 256 KiB in 2.</summary>
    public static RecordingInterval First { get; } = new()
    {
        Index = 0,
        EndedAt = StartedAt.AddMilliseconds(250),
        Modules = [new("/usr/bin/shop", "ab12", "found in the file itself"), new("/usr/lib/x86_64-linux-gnu/libc.so.6", "", "stripped")],
        Frames = [new(0, 0x10), new(0, 0x20), new(1, 0x30), new(0, 0x40)],
        Nodes = [new(-1, 0), new(0, 1), new(1, 2), new(0, 3)],
        Sites = [new(2, AllocationKind.Heap), new(3, AllocationKind.Heap)],
        Symbols =
        [
            new(0, [new CodeLine("main", "shop.c", 90)]), new(1, [new CodeLine("load", "load.c", 12)]),
            new(2, [new CodeLine("strdup", "", 0)]), new(3, [new CodeLine("serve", "serve.c", 33)]),
        ],
        Allocated = [new(0, 4, 1 << 20), new(1, 2, 256 << 10)],
        Health = new RecordingHealth { Events = 6, Threads = 1, AgentCpuMs = 2 },
    };

    /// <summary>In the second, load allocates 1 MiB more, and serve frees all that it has.</summary>
    public static RecordingInterval Second { get; } = new()
    {
        Index = 1,
        EndedAt = StartedAt.AddMilliseconds(500),
        Allocated = [new(0, 4, 1 << 20)],
        Freed = [new(1, 0, 2, 256 << 10)],
        Health = new RecordingHealth { Events = 12, DroppedEvents = 3, Threads = 1, AgentCpuMs = 4 },
    };
}
