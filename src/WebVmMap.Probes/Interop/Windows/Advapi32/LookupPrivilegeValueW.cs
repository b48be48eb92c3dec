using System.Runtime.InteropServices;

namespace WebVmMap.Probes;

internal static partial class Interop
{
    internal static partial class Advapi32
    {
        // https://learn.microsoft.com/windows/win32/api/winbase/nf-winbase-lookupprivilegevaluew
        [LibraryImport(Libraries.Advapi32, SetLastError = true, StringMarshalling = StringMarshalling.Utf16)]
        [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
        [return: MarshalAs(UnmanagedType.Bool)]
        internal static partial bool LookupPrivilegeValueW(string? system, string name, out long luid);
    }
}
