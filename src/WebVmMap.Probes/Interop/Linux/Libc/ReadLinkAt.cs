using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace WebVmMap.Probes;

internal static partial class Interop
{
    internal static partial class Libc
    {
        /// <summary>https://man7.org/linux/man-pages/man2/readlinkat.2.html. The path ends with a zero byte, the answer does not.</summary>
        [LibraryImport(Library, EntryPoint = "readlinkat", SetLastError = true)]
        internal static unsafe partial nint ReadLinkAt(SafeFileHandle directory, byte* path, byte* buffer, nuint size);
    }
}
