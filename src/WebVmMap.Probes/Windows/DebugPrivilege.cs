using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace WebVmMap.Probes.Windows;

/// <summary>The privilege to open processes of other users.
/// https://learn.microsoft.com/windows/win32/secauthz/privilege-constants</summary>
[SupportedOSPlatform("windows")]
internal static class DebugPrivilege
{
    /// <summary>Switches it on for this program.</summary>
    /// <returns>False when the account does not have it.</returns>
    public static unsafe bool TryEnable()
    {
        const uint AdjustAndQuery = 0x28;
        if (!Interop.Advapi32.OpenOwnToken(Interop.Kernel32.GetCurrentProcess(), AdjustAndQuery, out var token))
        {
            return false;
        }
        using (token)
        {
            if (!Interop.Advapi32.LookupPrivilegeValueW(null, "SeDebugPrivilege", out var luid))
            {
                return false;
            }
            var privilege = new Interop.Advapi32.TokenPrivilege { Count = 1, Luid = luid, Attributes = Interop.Advapi32.TokenPrivilege.Enabled };
            // It succeeds without giving the privilege, too: then the error is ERROR_NOT_ALL_ASSIGNED.
            return Interop.Advapi32.AdjustTokenPrivileges(token, disableAll: false, &privilege, 0, null, null)
                && Marshal.GetLastPInvokeError() == WindowsError.Success;
        }
    }
}
