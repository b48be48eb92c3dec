using System.Runtime.InteropServices;

namespace WebVmMap.Probes;

internal static partial class Interop
{
    internal static partial class Ntdll
    {
        // https://learn.microsoft.com/windows/win32/api/winternl/nf-winternl-ntqueryinformationthread
        [LibraryImport(Libraries.Ntdll)]
        [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
        internal static unsafe partial int NtQueryInformationThread(
            Kernel32.SafeThreadHandle thread, int informationClass, void* information, uint length, uint* returned);
    }
}
