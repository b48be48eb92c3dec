using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace WebVmMap.Probes;

internal static partial class Interop
{
    internal static partial class Libc
    {
        /// <summary>https://man7.org/linux/man-pages/man2/read.2.html</summary>
        [LibraryImport(Library, EntryPoint = "read", SetLastError = true)]
        internal static unsafe partial nint Read(SafeFileHandle file, byte* buffer, nuint count);
    }
}
