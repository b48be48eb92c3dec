using System.Runtime.InteropServices;

namespace WebVmMap.Probes.Windows;

/// <summary>MEMORY_REGION_INFORMATION of a 64-bit system, as NtQueryVirtualMemory answers class 7 (MemoryRegionInformationEx):
/// a whole allocation. The documented twin is
/// https://learn.microsoft.com/windows/win32/api/memoryapi/ns-memoryapi-win32_memory_region_information</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct AllocationInformation
{
    public ulong AllocationBase;
    public PageProtection AllocationProtect;
    public AllocationTraits Traits;
    public ulong RegionSize;
    public ulong CommitSize;
    public ulong PartitionId;
    public ulong NodePreference;
}
