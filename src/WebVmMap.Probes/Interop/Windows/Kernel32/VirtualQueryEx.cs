using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;
using WebVmMap.Probes.Windows;

namespace WebVmMap.Probes;

internal static partial class Interop
{
    internal static partial class Kernel32
    {
        // https://learn.microsoft.com/windows/win32/api/memoryapi/nf-memoryapi-virtualqueryex
        [LibraryImport(Libraries.Kernel32, SetLastError = true)]
        [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
        internal static partial nuint VirtualQueryEx(SafeProcessHandle process, nuint address, out MemoryBasicInformation information, nuint length);
    }
}
