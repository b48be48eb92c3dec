using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace WebVmMap.Probes;

internal static partial class Interop
{
    internal static partial class Libc
    {
        /// <summary>
        /// https://man7.org/linux/man-pages/man2/getdents.2.html. Fills the buffer with <c>struct linux_dirent64</c>:
        /// u64 inode, i64 offset, u16 record length, u8 type, name ending with a zero byte.
        /// </summary>
        [LibraryImport(Library, EntryPoint = "getdents64", SetLastError = true)]
        internal static unsafe partial nint GetDents64(SafeFileHandle directory, byte* buffer, nuint count);
    }
}
