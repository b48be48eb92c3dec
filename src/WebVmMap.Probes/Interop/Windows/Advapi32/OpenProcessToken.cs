using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace WebVmMap.Probes;

internal static partial class Interop
{
    internal static partial class Advapi32
    {
        // https://learn.microsoft.com/windows/win32/api/processthreadsapi/nf-processthreadsapi-openprocesstoken
        [LibraryImport(Libraries.Advapi32, SetLastError = true)]
        [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
        [return: MarshalAs(UnmanagedType.Bool)]
        internal static partial bool OpenProcessToken(SafeProcessHandle process, uint access, out SafeTokenHandle token);

        // https://learn.microsoft.com/windows/win32/api/processthreadsapi/nf-processthreadsapi-openprocesstoken
        [LibraryImport(Libraries.Advapi32, EntryPoint = "OpenProcessToken", SetLastError = true)]
        [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
        [return: MarshalAs(UnmanagedType.Bool)]
        internal static partial bool OpenOwnToken(nint process, uint access, out SafeTokenHandle token);
    }
}
