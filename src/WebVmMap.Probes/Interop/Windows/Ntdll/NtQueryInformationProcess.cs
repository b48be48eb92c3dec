using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace WebVmMap.Probes;

internal static partial class Interop
{
    internal static partial class Ntdll
    {
        // https://learn.microsoft.com/windows/win32/api/winternl/nf-winternl-ntqueryinformationprocess
        [LibraryImport(Libraries.Ntdll)]
        [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
        internal static unsafe partial int NtQueryInformationProcess(SafeProcessHandle process, int informationClass, void* information, uint length, uint* returned);
    }
}
