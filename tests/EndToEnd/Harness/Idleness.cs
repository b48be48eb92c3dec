using System.Diagnostics;

namespace WebVmMap.EndToEnd.Harness;

/// <summary>When a program that was just started has come to rest, so that its memory no longer changes.</summary>
public static class Idleness
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(30);

    /// <summary>Waits until a process waits for its standard input: the kernel says in which system call it is.</summary>
    /// <exception cref="TimeoutException">It never does.</exception>
    public static void AwaitRest(int pid)
    {
        var waited = Stopwatch.StartNew();
        // read is number 0 on x64 and 63 on arm64; its first argument is the file.
        while (File.ReadAllText($"/proc/{pid}/syscall").Split(' ') is not ["0" or "63", "0x0", ..])
        {
            if (waited.Elapsed > s_limit)
            {
                throw new TimeoutException($"Process {pid} did not begin to read its input.");
            }
            Thread.Yield();
        }
    }
}
