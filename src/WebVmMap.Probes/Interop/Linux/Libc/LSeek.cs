using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace WebVmMap.Probes;

internal static partial class Interop
{
    internal static partial class Libc
    {
        internal const int SEEK_SET = 0;

        /// <summary>https://man7.org/linux/man-pages/man2/lseek.2.html</summary>
        [LibraryImport(Library, EntryPoint = "lseek", SetLastError = true)]
        internal static partial long LSeek(SafeFileHandle file, long offset, int whence);
    }
}
