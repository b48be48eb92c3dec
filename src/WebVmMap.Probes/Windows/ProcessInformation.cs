using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;
using WebVmMap.Core.Processes;

namespace WebVmMap.Probes.Windows;

/// <summary>Single facts about an open process. Offsets and classes: phnt, ntpsapi.h;
/// https://learn.microsoft.com/windows/win32/api/winternl/nf-winternl-ntqueryinformationprocess</summary>
[SupportedOSPlatform("windows")]
internal static class ProcessInformation
{
    private const int BasicInformation = 0;
    private const int VmCounters = 3;
    private const int Wow64Information = 26;
    private const int CommandLineInformation = 60;
    private const int ProtectionInformation = 61;

    /// <summary>Where its PEB is; 0 when that is not told.</summary>
    public static unsafe ulong Peb(SafeProcessHandle process)
    {
        var basic = stackalloc ulong[6];
        return Interop.Ntdll.NtQueryInformationProcess(process, BasicInformation, basic, 48, null) >= 0 ? basic[1] : 0;
    }

    /// <summary>Where the 32-bit PEB of a 32-bit program is; 0 for others.</summary>
    public static unsafe ulong Peb32(SafeProcessHandle process)
    {
        ulong peb = 0;
        return Interop.Ntdll.NtQueryInformationProcess(process, Wow64Information, &peb, 8, null) >= 0 ? peb : 0;
    }

    /// <summary>Creation FILETIME, 0 when it is not told.</summary>
    public static long Created(SafeProcessHandle process) =>
        Interop.Kernel32.GetProcessTimes(process, out var created, out _, out _, out _) ? created : 0;

    /// <summary>True for a protected process (PP, PPL), whose memory nobody may read.</summary>
    public static unsafe bool IsProtected(SafeProcessHandle process)
    {
        byte level = 0;
        return Interop.Ntdll.NtQueryInformationProcess(process, ProtectionInformation, &level, 1, null) >= 0 && level != 0;
    }

    /// <summary>The figures that the system keeps for a whole process.</summary>
    public static unsafe ProcessCounters Counters(SafeProcessHandle process)
    {
        var memory = new Interop.Kernel32.ProcessMemoryCounters { Size = (uint)sizeof(Interop.Kernel32.ProcessMemoryCounters) };
        if (!Interop.Kernel32.K32GetProcessMemoryInfo(process, ref memory, memory.Size))
        {
            return default;
        }
        // VM_COUNTERS: PeakVirtualSize, VirtualSize, and nine more.
        var counters = stackalloc ulong[11];
        var hasSize = Interop.Ntdll.NtQueryInformationProcess(process, VmCounters, counters, 88, null) >= 0;
        return new ProcessCounters
        {
            VirtualSize = hasSize ? Known(counters[1]) : null,
            WorkingSet = Known(memory.WorkingSetSize),
            PrivateCommit = Known(memory.PrivateUsage),
        };

        // No living process has none of these: 0 is how Wine says that it does not know.
        static long? Known(ulong bytes) => bytes > 0 ? (long)bytes : null;
    }

    /// <summary><c>x64</c>, <c>x86</c>, <c>arm64</c> or empty.</summary>
    public static string Architecture(SafeProcessHandle process)
    {
        // https://learn.microsoft.com/windows/win32/sysinfo/image-file-machine-constants
        if (!Interop.Kernel32.IsWow64Process2(process, out var machine, out var native))
        {
            return "";
        }
        return (machine == 0 ? native : machine) switch
        {
            0x014C => "x86",
            0x8664 => "x64",
            0xAA64 => "arm64",
            _ => "",
        };
    }

    /// <summary>Its command line; empty when it is not to be read.</summary>
    /// <param name="process">Open for limited queries; for reading too, where the system is older than Windows 8.1.</param>
    public static unsafe string CommandLine(SafeProcessHandle process)
    {
        const int Size = 4096;
        var buffer = stackalloc byte[Size];
        uint needed = 0;
        var status = Interop.Ntdll.NtQueryInformationProcess(process, CommandLineInformation, buffer, Size, &needed);
        if (status >= 0)
        {
            return Text(buffer, Size);
        }
        if (needed is > Size and <= 128 * 1024)
        {
            var large = new byte[needed];
            fixed (byte* start = large)
            {
                status = Interop.Ntdll.NtQueryInformationProcess(process, CommandLineInformation, start, needed, null);
                return status >= 0 ? Text(start, large.Length) : "";
            }
        }
        return CommandLineFromPeb(process);
    }

    private static unsafe string Text(byte* unicodeString, int size)
    {
        var length = *(ushort*)unicodeString;
        var start = *(byte**)(unicodeString + 8);
        return start >= unicodeString && start + length <= unicodeString + size ? new string((char*)start, 0, length / 2) : "";
    }

    private static unsafe string CommandLineFromPeb(SafeProcessHandle process)
    {
        const int ProcessParameters = 0x20;
        const int CommandLine = 0x70;
        var header = stackalloc byte[16];
        ulong parameters;
        var peb = Peb(process);
        if (peb == 0
            || !Interop.Kernel32.ReadProcessMemory(process, (nuint)(peb + ProcessParameters), (byte*)&parameters, 8, out _)
            || !Interop.Kernel32.ReadProcessMemory(process, (nuint)(parameters + CommandLine), header, 16, out _))
        {
            return "";
        }
        var text = new char[*(ushort*)header / 2];
        fixed (char* start = text)
        {
            return Interop.Kernel32.ReadProcessMemory(process, (nuint)(*(ulong*)(header + 8)), (byte*)start, (nuint)(text.Length * 2), out var read)
                && read == (nuint)(text.Length * 2) ? new string(text) : "";
        }
    }
}
