using System.Runtime.InteropServices;

namespace WebVmMap.Probes;

internal static partial class Interop
{
    internal static partial class Libc
    {
        /// <summary>https://man7.org/linux/man-pages/man2/geteuid.2.html. Never fails.</summary>
        [LibraryImport(Library, EntryPoint = "geteuid")]
        internal static partial uint GetEUid();
    }
}
