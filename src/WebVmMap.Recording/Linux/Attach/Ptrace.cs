using System.Runtime.InteropServices;

namespace WebVmMap.Recording.Linux.Attach;

/// <summary>What of ptrace an attach needs; all of it from one thread. https://man7.org/linux/man-pages/man2/ptrace.2.html</summary>
internal static unsafe partial class Ptrace
{
    public const nint POKETEXT = 4;
    public const nint GETREGS = 12;
    public const nint SETREGS = 13;
    public const nint CONT = 7;
    public const nint DETACH = 17;
    public const nint SEIZE = 0x4206;
    public const nint INTERRUPT = 0x4207;
    public const nint GETREGSET = 0x4204;
    public const nint SETREGSET = 0x4205;
    public const nint GETSIGMASK = 0x420a;
    public const nint SETSIGMASK = 0x420b;

    /// <summary><c>NT_X86_XSTATE</c>: the registers of the floating point unit and all vector units, as many as the processor has.</summary>
    public const nint XState = 0x202;

    /// <summary>In the top half of a stop's status: the thread stands for the tracer, not for a signal.</summary>
    public const int EventStop = 128;

    public const int SIGILL = 4;
    public const int SIGBUS = 7;
    public const int SIGSEGV = 11;
    public const int SIGSYS = 31;

    // https://man7.org/linux/man-pages/man2/nanosleep.2.html
    private const nint NanoSleep = 35;
    private const int WNOHANG = 1;
    private const int WALL = 0x40000000;
    private const int EINTR = 4;

    [LibraryImport("libc", EntryPoint = "ptrace", SetLastError = true)]
    public static partial nint Request(nint request, nint thread, nint address, nint data);

    /// <summary>Waits for a change of a thread by asking again and again, so that one that never stops does not hold up its tracer for good.</summary>
    /// <returns>Its status; null when nothing changed in time, or the thread is not there any more.</returns>
    public static int? Wait(int thread, TimeSpan most) => Wait(thread, most, out _);

    /// <inheritdoc cref="Wait(int, TimeSpan)"/>
    /// <param name="thread">The thread.</param>
    /// <param name="most">How long.</param>
    /// <param name="unchangedAt">When it was asked the last time before that, and nothing had changed.</param>
    public static int? Wait(int thread, TimeSpan most, out long unchangedAt)
    {
        var from = System.Diagnostics.Stopwatch.GetTimestamp();
        unchangedAt = from;
        for (var turn = 0; ; turn++)
        {
            var got = WaitPid(thread, out var status, WALL | WNOHANG);
            if (got == thread)
            {
                return status;
            }
            if (got < 0 && Marshal.GetLastPInvokeError() != EINTR)
            {
                return null;
            }
            unchangedAt = System.Diagnostics.Stopwatch.GetTimestamp();
            var waited = System.Diagnostics.Stopwatch.GetElapsedTime(from, unchangedAt);
            if (waited > most)
            {
                return null;
            }
            if (waited.TotalMilliseconds > 20)
            {
                Thread.Sleep(1);
            }
            else if (turn % 16 == 15)
            {
                // What is waited for may need this processor.
                var pause = new Libc.Timespec { Nanoseconds = 20_000 };
                _ = Libc.SystemCall(NanoSleep, (nint)(&pause), 0, 0, 0);
            }
        }
    }

    [LibraryImport("libc", EntryPoint = "waitpid", SetLastError = true)]
    private static partial int WaitPid(int pid, out int status, int options);

    /// <summary><c>struct iovec</c></summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct Buffer
    {
        public void* At;
        public nuint Bytes;
    }
}
