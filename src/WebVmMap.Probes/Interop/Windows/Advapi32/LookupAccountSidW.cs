using System.Runtime.InteropServices;

namespace WebVmMap.Probes;

internal static partial class Interop
{
    internal static partial class Advapi32
    {
        // https://learn.microsoft.com/windows/win32/api/winbase/nf-winbase-lookupaccountsidw
        [LibraryImport(Libraries.Advapi32, SetLastError = true)]
        [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
        [return: MarshalAs(UnmanagedType.Bool)]
        internal static unsafe partial bool LookupAccountSidW(char* system, void* sid, char* name, ref uint nameLength, char* domain, ref uint domainLength, out int use);
    }
}
