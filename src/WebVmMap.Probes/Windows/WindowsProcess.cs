using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;
using WebVmMap.Core.Processes;
using WebVmMap.Core.Regions;

namespace WebVmMap.Probes.Windows;

/// <summary>A process of this machine, asked through the system's own functions.</summary>
[SupportedOSPlatform("windows")]
internal sealed class WindowsProcess : IWindowsProcess
{
    private const int MemoryRegionInformationEx = 7;
    private const int InfoLengthMismatch = unchecked((int)0xC0000004);
    private const int FirstAllocationInformation = 32;
    private const int MaxPath = 32_768;
    private const int SystemPid = 4;

    private static readonly ProcessRights[] s_ladder =
    [
        ProcessRights.QueryInformation | ProcessRights.VirtualMemoryRead,
        ProcessRights.QueryInformation,
        ProcessRights.QueryLimitedInformation,
    ];

    private static readonly unsafe nuint s_regionSize = (nuint)sizeof(MemoryBasicInformation);

    private readonly SafeProcessHandle _handle;
    private readonly int _pid;
    private readonly DosPaths _paths;
    private readonly char[] _name = new char[MaxPath];

    private WindowsProcess(SafeProcessHandle handle, int pid, bool canRead, WindowsSystem system)
    {
        _handle = handle;
        _pid = pid;
        _paths = system.Paths;
        CanReadMemory = canRead;
        Build = system.Build;
        Bounds = system.Bounds;
        SystemDllInitBlock = canRead ? system.SystemDllInitBlock : 0;
        Peb = canRead ? ProcessInformation.Peb(handle) : 0;
        Peb32 = canRead ? ProcessInformation.Peb32(handle) : 0;
    }

    public int Build { get; }

    public AddressSpaceBounds Bounds { get; }

    public bool CanReadMemory { get; }

    public ulong Peb { get; }

    public ulong Peb32 { get; }

    public ulong SystemDllInitBlock { get; }

    public bool HasExited => Interop.Kernel32.WaitForSingleObject(_handle, 0) == 0;

    /// <summary>Opens a process with all the rights that are given, asking for less and less.</summary>
    public static ProbeResult<WindowsProcess> Open(int pid, long? startStamp, WindowsSystem system)
    {
        if (pid == SystemPid)
        {
            return new ProbeFailure(ProbeOutcome.NoAddressSpace, Rights.KernelMessage);
        }
        foreach (var rights in s_ladder)
        {
            var handle = Interop.Kernel32.OpenProcess(rights | ProcessRights.Synchronize, inherit: false, (uint)pid);
            var error = Marshal.GetLastPInvokeError();
            if (!handle.IsInvalid)
            {
                return Checked(new WindowsProcess(handle, pid, rights.HasFlag(ProcessRights.VirtualMemoryRead), system), startStamp);
            }
            handle.Dispose();
            if (error == WindowsError.InvalidParameter)
            {
                return startStamp is null
                    ? new ProbeFailure(ProbeOutcome.NotFound, $"There is no process with the id {pid}.")
                    : new ProbeFailure(ProbeOutcome.Gone, "The process has ended.");
            }
            if (error != WindowsError.AccessDenied)
            {
                return new ProbeFailure(ProbeOutcome.Failed, $"The process with the id {pid} could not be opened: system error {error}.");
            }
        }
        return new ProbeFailure(ProbeOutcome.Denied, Rights.DeniedMessage);
    }

    public int Query(ulong address, out MemoryBasicInformation region) =>
        Interop.Kernel32.VirtualQueryEx(_handle, (nuint)address, out region, s_regionSize) != 0 ? WindowsError.Success : Marshal.GetLastPInvokeError();

    public unsafe bool TryDescribeAllocation(ulong address, out AllocationInformation allocation)
    {
        fixed (AllocationInformation* information = &allocation)
        {
            // The structure has grown twice; a system that is older than the last field refuses the length.
            var status = Describe(information, sizeof(AllocationInformation));
            return (status == InfoLengthMismatch ? Describe(information, FirstAllocationInformation) : status) >= 0;
        }

        int Describe(AllocationInformation* information, int length) => Interop.Ntdll.NtQueryVirtualMemory(
            _handle, (nuint)address, MemoryRegionInformationEx, information, (nuint)length, null);
    }

    public unsafe int QueryWorkingSet(Span<WorkingSetPage> pages)
    {
        fixed (WorkingSetPage* first = pages)
        {
            return pages.IsEmpty || Interop.Kernel32.K32QueryWorkingSetEx(_handle, first, (uint)(pages.Length * sizeof(WorkingSetPage)))
                ? WindowsError.Success
                : Marshal.GetLastPInvokeError();
        }
    }

    public unsafe bool TryRead(ulong address, Span<byte> destination)
    {
        fixed (byte* buffer = destination)
        {
            return CanReadMemory
                && Interop.Kernel32.ReadProcessMemory(_handle, (nuint)address, buffer, (nuint)destination.Length, out var read)
                && read == (nuint)destination.Length;
        }
    }

    public unsafe string? MappedFileName(ulong address)
    {
        fixed (char* name = _name)
        {
            var length = Interop.Kernel32.K32GetMappedFileNameW(_handle, (nuint)address, name, MaxPath);
            return length == 0 ? null : _paths.Of(new string(name, 0, (int)length));
        }
    }

    public IReadOnlyList<WindowsThread> Threads() => [.. SystemProcessQuery.Threads(_pid).Select(ThreadInformation.Complete)];

    public ProcessCounters ReadCounters() => ProcessInformation.Counters(_handle);

    public int EmptyWorkingSet()
    {
        // A right of its own that looking does not need. The handle that is open keeps the id from being given to another.
        using var handle = Interop.Kernel32.OpenProcess(ProcessRights.SetQuota | ProcessRights.QueryLimitedInformation, inherit: false, (uint)_pid);
        return !handle.IsInvalid && Interop.Kernel32.K32EmptyWorkingSet(handle) ? WindowsError.Success : Marshal.GetLastPInvokeError();
    }

    /// <summary>Creation FILETIME.</summary>
    public long Created() => ProcessInformation.Created(_handle);

    public void Dispose() => _handle.Dispose();

    private static ProbeResult<WindowsProcess> Checked(WindowsProcess process, long? startStamp)
    {
        ProbeFailure? failure =
            process.HasExited ? new ProbeFailure(ProbeOutcome.Gone, "The process has ended.")
            : startStamp is { } stamp && process.Created() != stamp
                ? new ProbeFailure(ProbeOutcome.Replaced, "The process has ended, and its id belongs to another one now.")
            : process.Query(0, out _) == WindowsError.AccessDenied
                ? new ProbeFailure(ProbeOutcome.Denied, ProcessInformation.IsProtected(process._handle) ? Rights.ProtectedMessage : Rights.DeniedMessage)
            : null;
        if (failure is { } reason)
        {
            process.Dispose();
            return reason;
        }
        return process;
    }
}
