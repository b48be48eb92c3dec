using System.Runtime.InteropServices;

namespace WebVmMap.Probes.Windows;

/// <summary>PSAPI_WORKING_SET_EX_INFORMATION of a 64-bit system: an address going in, what is known of its page coming out.
/// https://learn.microsoft.com/windows/win32/api/psapi/ns-psapi-psapi_working_set_ex_block</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct WorkingSetPage
{
    public ulong Address;
    public ulong Flags;

    /// <summary>The page is in the working set of the process.</summary>
    public readonly bool Valid => (Flags & 1) != 0;

    /// <summary>How many processes have it, up to 7; meaningful when valid.</summary>
    public readonly int ShareCount => (int)(Flags >> 1) & 7;

    /// <summary>It can be shared; meaningful when valid.</summary>
    public readonly bool Shared => (Flags & (1 << 15)) != 0;

    /// <summary>It is locked in memory; meaningful when valid.</summary>
    public readonly bool Locked => (Flags & (1 << 22)) != 0;
}
