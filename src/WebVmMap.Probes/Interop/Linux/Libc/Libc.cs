namespace WebVmMap.Probes;

/// <summary>Declarations of system calls and functions, nested by library, a file per function; nothing but declarations.</summary>
internal static partial class Interop
{
    /// <summary>The C library of Linux.</summary>
    internal static partial class Libc
    {
        /// <summary>glibc and musl both answer to it through the runtime's probing.</summary>
        private const string Library = "libc";

        // errno values of x86-64 and arm64, https://man7.org/linux/man-pages/man3/errno.3.html
        internal const int EPERM = 1;
        internal const int ENOENT = 2;
        internal const int ESRCH = 3;
        internal const int EINTR = 4;
        internal const int ENOMEM = 12;
        internal const int EACCES = 13;
        internal const int EFAULT = 14;
        internal const int EINVAL = 22;
        internal const int ENOSYS = 38;
    }
}
