using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using WebVmMap.Probes.Windows;

namespace WebVmMap.Probes;

internal static partial class Interop
{
    internal static partial class Kernel32
    {
        // https://learn.microsoft.com/windows/win32/api/processthreadsapi/nf-processthreadsapi-openprocess
        [LibraryImport(Libraries.Kernel32, SetLastError = true)]
        [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
        internal static partial SafeProcessHandle OpenProcess(ProcessRights access, [MarshalAs(UnmanagedType.Bool)] bool inherit, uint processId);
    }
}
