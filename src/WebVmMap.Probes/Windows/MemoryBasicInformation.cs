using System.Runtime.InteropServices;

namespace WebVmMap.Probes.Windows;

/// <summary>MEMORY_BASIC_INFORMATION of a 64-bit system: a run of pages of one allocation with equal state and protection.
/// https://learn.microsoft.com/windows/win32/api/winnt/ns-winnt-memory_basic_information</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct MemoryBasicInformation
{
    public ulong BaseAddress;
    public ulong AllocationBase;
    public PageProtection AllocationProtect;
    public ushort PartitionId;
    public ushort Reserved;
    public ulong RegionSize;
    public MemoryState State;
    public PageProtection Protect;
    public MemoryType Type;
    public uint Reserved2;

    /// <summary>The first address after it.</summary>
    public readonly ulong End => unchecked(BaseAddress + RegionSize);
}
