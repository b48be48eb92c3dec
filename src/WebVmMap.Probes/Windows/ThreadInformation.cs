using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace WebVmMap.Probes.Windows;

/// <summary>Single facts about a thread.</summary>
[SupportedOSPlatform("windows")]
internal static class ThreadInformation
{
    private const uint QueryLimitedInformation = 0x800;
    private const int BasicInformation = 0;

    // A description is any text of up to 32,767 characters: only so much of it belongs into a table.
    private const int MaxName = 64;

    /// <summary>The thread with its name, and with its TEB where the list of threads did not tell it.</summary>
    public static WindowsThread Complete(WindowsThread thread)
    {
        using var handle = Interop.Kernel32.OpenThread(QueryLimitedInformation, inherit: false, thread.Id);
        return handle.IsInvalid ? thread : thread with { Name = Name(handle), Teb = thread.Teb != 0 ? thread.Teb : Teb(handle) };
    }

    private static string Name(Interop.Kernel32.SafeThreadHandle thread)
    {
        if (Interop.Kernel32.GetThreadDescription(thread, out var description) < 0)
        {
            return "";
        }
        var name = Marshal.PtrToStringUni(description) ?? "";
        _ = Interop.Kernel32.LocalFree(description);
        return name.Length <= MaxName ? name : name[..MaxName];
    }

    // THREAD_BASIC_INFORMATION: ExitStatus, TebBaseAddress, ClientId, AffinityMask, Priority, BasePriority.
    private static unsafe ulong Teb(Interop.Kernel32.SafeThreadHandle thread)
    {
        var basic = stackalloc ulong[6];
        return Interop.Ntdll.NtQueryInformationThread(thread, BasicInformation, basic, 48, null) >= 0 ? basic[1] : 0;
    }
}
