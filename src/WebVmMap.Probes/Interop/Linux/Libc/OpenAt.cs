using System.Runtime.InteropServices;

namespace WebVmMap.Probes;

internal static partial class Interop
{
    internal static partial class Libc
    {
        internal const int AT_FDCWD = -100;
        internal const int O_RDONLY = 0;
        internal const int O_NONBLOCK = 0x800;
        internal const int O_DIRECTORY = 0x10000;
        internal const int O_CLOEXEC = 0x80000;

        /// <summary>https://man7.org/linux/man-pages/man2/openat.2.html. The path ends with a zero byte.</summary>
        [LibraryImport(Library, EntryPoint = "openat", SetLastError = true)]
        internal static unsafe partial int OpenAt(int directory, byte* path, int flags);
    }
}
