using System.Runtime.InteropServices;

namespace WebVmMap.Probes;

internal static partial class Interop
{
    internal static partial class Libc
    {
        internal const int SC_CLK_TCK = 2;

        /// <summary>https://man7.org/linux/man-pages/man3/sysconf.3.html</summary>
        [LibraryImport(Library, EntryPoint = "sysconf")]
        internal static partial long SysConf(int name);
    }
}
