using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace WebVmMap.Probes;

internal static partial class Interop
{
    internal static partial class Ntdll
    {
        // https://learn.microsoft.com/windows-hardware/drivers/ddi/ntifs/nf-ntifs-ntqueryvirtualmemory
        [LibraryImport(Libraries.Ntdll)]
        [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
        internal static unsafe partial int NtQueryVirtualMemory(SafeProcessHandle process, nuint address, int informationClass, void* information, nuint length, nuint* returned);
    }
}
