using System.Runtime.InteropServices;

namespace WebVmMap.Probes;

internal static partial class Interop
{
    internal static partial class Libc
    {
        internal const int CLOCK_THREAD_CPUTIME_ID = 3;

        /// <summary><c>struct timespec</c> of 64-bit systems.</summary>
        internal struct TimeSpec
        {
            public long Seconds;
            public long Nanoseconds;
        }

        /// <summary>https://man7.org/linux/man-pages/man2/clock_gettime.2.html</summary>
        [LibraryImport(Library, EntryPoint = "clock_gettime")]
        internal static partial int ClockGetTime(int clock, out TimeSpec time);
    }
}
