using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace WebVmMap.Probes;

internal static partial class Interop
{
    internal static partial class Libc
    {
        /// <summary>https://man7.org/linux/man-pages/man2/pread.2.html. <c>off_t</c> has 64 bits on every 64-bit Linux.</summary>
        [LibraryImport(Library, EntryPoint = "pread", SetLastError = true)]
        internal static unsafe partial nint PRead(SafeFileHandle file, byte* buffer, nuint count, long offset);
    }
}
