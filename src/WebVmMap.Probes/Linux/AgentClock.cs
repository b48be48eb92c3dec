using System.Diagnostics;
using WebVmMap.Core.Snapshots;

namespace WebVmMap.Probes.Linux;

/// <summary>Measures what this thread spends: wall clock and processor time, from its making on.</summary>
internal readonly struct AgentClock
{
    private readonly long _wall;
    private readonly double _cpuMs;

    private AgentClock(long wall, double cpuMs)
    {
        _wall = wall;
        _cpuMs = cpuMs;
    }

    /// <summary>Begins.</summary>
    public static AgentClock Start() => new(Stopwatch.GetTimestamp(), ThreadCpuMs());

    /// <summary>What was spent so far. Must be asked on the thread that began.</summary>
    public SnapshotCost Spent() => new(Stopwatch.GetElapsedTime(_wall).TotalMilliseconds, ThreadCpuMs() - _cpuMs);

    private static double ThreadCpuMs() =>
        Interop.Libc.ClockGetTime(Interop.Libc.CLOCK_THREAD_CPUTIME_ID, out var time) == 0 ? time.Seconds * 1e3 + time.Nanoseconds / 1e6 : 0;
}
