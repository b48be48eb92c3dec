using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;

namespace WebVmMap.Probes.Tests.Linux;

/// <summary>Runs code on a thread that has given up the rights to look at others: on Linux each thread has capabilities of its own.</summary>
internal static unsafe partial class WithoutPtraceRight
{
    private const uint Version3 = 0x20080522;
    private const uint SysPtrace = 1 << 19;
    private const uint SysAdmin = 1 << 21;
    private const uint PerfMon = 1 << (38 - 32);

    private const uint SysNice = 1 << 23;

    public static void Run(Action action) => Run(action, SysPtrace | SysAdmin);

    /// <summary>On a thread that may still look at others, but not change how they are scheduled or paged.</summary>
    public static void RunWithoutNice(Action action) => Run(action, SysNice);

    private static void Run(Action action, uint without)
    {
        ExceptionDispatchInfo? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                GiveUp(without);
                action();
            }
            catch (Exception error)
            {
                failure = ExceptionDispatchInfo.Capture(error);
            }
        });
        thread.Start();
        thread.Join();
        failure?.Throw();
    }

    private static void GiveUp(uint without)
    {
        // header: version, thread (0: this one); data: effective, permitted, inheritable, of bits 0 to 31, then of 32 to 63
        uint* header = stackalloc uint[] { Version3, 0 };
        uint* data = stackalloc uint[6];
        if (CapGet(header, data) != 0)
        {
            throw new InvalidOperationException("capget failed.");
        }
        data[0] &= ~without;
        data[3] &= ~PerfMon; // this one, or CAP_SYS_ADMIN, is enough to read smaps since Linux 6.17
        if (CapSet(header, data) != 0)
        {
            throw new InvalidOperationException("capset failed.");
        }
    }

    [LibraryImport("libc", EntryPoint = "capget")]
    private static partial int CapGet(uint* header, uint* data);

    [LibraryImport("libc", EntryPoint = "capset")]
    private static partial int CapSet(uint* header, uint* data);
}
