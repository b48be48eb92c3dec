using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace WebVmMap.Probes;

internal static partial class Interop
{
    internal static partial class Kernel32
    {
        // https://learn.microsoft.com/windows/win32/api/psapi/nf-psapi-getmodulebasenamew
        [LibraryImport(Libraries.Kernel32, SetLastError = true)]
        [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
        internal static unsafe partial uint K32GetModuleBaseNameW(SafeProcessHandle process, nint module, char* name, uint length);
    }
}
