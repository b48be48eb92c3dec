using WebVmMap.Recording.Linux;
using WebVmMap.Recording.Windows;

namespace WebVmMap.Recording.Ring;

/// <summary>The calling thread, as its system sees it.</summary>
public static class OwnThread
{
    /// <summary>Lets it run before others. Where it may not, the target waits a little longer when the machine is busy.</summary>
    public static void RaisePriority()
    {
        if (OperatingSystem.IsWindows())
        {
            Thread.CurrentThread.Priority = ThreadPriority.Highest;
        }
        else
        {
            // Of this thread alone: https://man7.org/linux/man-pages/man2/setpriority.2.html
            _ = Libc.SetPriority(0, 0, -10);
        }
    }

    /// <summary>Has it take no more than a quarter of a processor from others that want it too. For a thread that ends with its work: back up it may not be let.</summary>
    public static void LowerPriority()
    {
        if (OperatingSystem.IsWindows())
        {
            Thread.CurrentThread.Priority = ThreadPriority.BelowNormal;
        }
        else
        {
            _ = Libc.SetPriority(0, 0, 5);
        }
    }

    /// <summary>Processor time that it took so far; 0 where the system does not tell.</summary>
    public static double CpuMs()
    {
        if (OperatingSystem.IsWindows())
        {
            return Kernel32.GetThreadTimes(Kernel32.GetCurrentThread(), out _, out _, out var kernel, out var user) ? (kernel + user) / 1e4 : 0;
        }
        return Libc.ClockGetTime(Libc.CLOCK_THREAD_CPUTIME_ID, out var time) == 0 ? (time.Seconds * 1e3) + (time.Nanoseconds / 1e6) : 0;
    }
}
