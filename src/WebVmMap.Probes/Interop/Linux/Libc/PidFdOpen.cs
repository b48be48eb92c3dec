using System.Runtime.InteropServices;

namespace WebVmMap.Probes;

internal static partial class Interop
{
    internal static partial class Libc
    {
        /// <summary>Number of <c>pidfd_open</c>, the same on every architecture.</summary>
        internal const nint PidFdOpenNumber = 434;

        /// <summary>
        /// https://man7.org/linux/man-pages/man2/pidfd_open.2.html (Linux 5.3), by number: C libraries before 2022 have no
        /// function for it. Returns a descriptor.
        /// </summary>
        [LibraryImport(Library, EntryPoint = "syscall", SetLastError = true)]
        internal static partial nint PidFdOpen(nint number, nint pid, nint flags);
    }
}
