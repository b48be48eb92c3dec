using System.Diagnostics;
using System.Runtime.InteropServices;

namespace WebVmMap.Benchmarks.SmapsCost;

/// <summary>Runs a program to its end, its output thrown away, and measures it from before its start.</summary>
internal static partial class ProgramRun
{
    private const int RUSAGE_CHILDREN = -1;

    public static void Measure(Timing timing, string program, params string[] arguments)
    {
        var cpu = ChildrenCpuMs();
        var start = Stopwatch.GetTimestamp();
        using (var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!)
        {
            Discard(process.StandardOutput.BaseStream);
            process.WaitForExit();
            if (process.ExitCode != 0)
            {
                throw new InvalidOperationException($"{program} ended with {process.ExitCode}.");
            }
        }
        timing.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds, ChildrenCpuMs() - cpu);
    }

    private static void Discard(Stream stream)
    {
        Span<byte> buffer = stackalloc byte[16 * 1024];
        while (stream.Read(buffer) > 0)
        {
        }
    }

    // Of children that have ended; the target and the reader live on, so they are not part of it.
    private static double ChildrenCpuMs()
    {
        if (getrusage(RUSAGE_CHILDREN, out var usage) != 0)
        {
            throw new InvalidOperationException("getrusage failed.");
        }
        return (usage.UserSeconds + usage.SystemSeconds) * 1e3 + (usage.UserMicroseconds + usage.SystemMicroseconds) / 1e3;
    }

    [LibraryImport("libc")]
    private static partial int getrusage(int who, out Usage usage);

    // struct rusage: two timevals, then fourteen longs that are not needed.
    [StructLayout(LayoutKind.Sequential, Size = 144)]
    private struct Usage
    {
        public long UserSeconds;
        public long UserMicroseconds;
        public long SystemSeconds;
        public long SystemMicroseconds;
    }
}
