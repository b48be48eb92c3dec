using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace WebVmMap.Probes;

internal static partial class Interop
{
    internal static partial class Libc
    {
        /// <summary>Number of <c>process_madvise</c>, the same on every architecture.</summary>
        internal const nint ProcessMAdviseNumber = 440;

        /// <summary>Reclaim these pages now. https://man7.org/linux/man-pages/man2/madvise.2.html</summary>
        internal const nint MADV_PAGEOUT = 21;

        /// <summary>
        /// https://man7.org/linux/man-pages/man2/process_madvise.2.html (Linux 5.10), by number: C libraries before 2022 have no
        /// function for it. Returns how many bytes were advised: fewer than asked for when a later vector was refused.
        /// </summary>
        [LibraryImport(Library, EntryPoint = "syscall", SetLastError = true)]
        internal static unsafe partial nint ProcessMAdvise(nint number, SafeFileHandle process, IoVector* vectors, nint count, nint advice, nint flags);
    }
}
