using System.Runtime.InteropServices;

namespace WebVmMap.Probes;

internal static partial class Interop
{
    internal static partial class Libc
    {
        /// <summary><c>struct iovec</c>, https://man7.org/linux/man-pages/man3/iovec.3type.html. The address may be another process's.</summary>
        internal struct IoVector
        {
            public ulong Address;
            public ulong Length;
        }

        /// <summary>Most vectors in one call (<c>UIO_MAXIOV</c>).</summary>
        internal const int MaxIoVectors = 1024;

        /// <summary>https://man7.org/linux/man-pages/man2/process_vm_readv.2.html</summary>
        [LibraryImport(Library, EntryPoint = "process_vm_readv", SetLastError = true)]
        internal static unsafe partial nint ProcessVmReadV(
            int pid, IoVector* local, nuint localCount, IoVector* remote, nuint remoteCount, nuint flags);
    }
}
