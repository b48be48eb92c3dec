using System.Runtime.InteropServices;

namespace WebVmMap.Probes;

internal static partial class Interop
{
    internal static partial class Ntdll
    {
        // https://learn.microsoft.com/windows-hardware/drivers/ddi/wdm/nf-wdm-rtlgetversion
        [LibraryImport(Libraries.Ntdll)]
        [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
        internal static partial int RtlGetVersion(ref OsVersionInfo version);
    }
}
