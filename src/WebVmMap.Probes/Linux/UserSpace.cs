using WebVmMap.Core.Regions;
using WebVmMap.Probes.Linux.Smaps;

namespace WebVmMap.Probes.Linux;

/// <summary>Where user space begins and ends. https://docs.kernel.org/arch/x86/x86_64/mm.html</summary>
internal static class UserSpace
{
    private const ulong End32 = 0xffffe000;
    private const ulong End47 = 0x7ffffffff000;
    private const ulong End56 = 0xfffffffffff000;
    private const ulong Vsyscall = 0xffffffffff600000;
    private static readonly ulong s_lowest = Lowest();

    /// <summary>The bounds of a process's address space.</summary>
    /// <param name="architecture">Of its executable.</param>
    /// <param name="regions">Its mappings. A process has memory above 47 bits only when it asked for that (five-level page tables).</param>
    public static AddressSpaceBounds Bounds(string architecture, ReadOnlySpan<SmapsRegion> regions)
    {
        var end = architecture is "x86" or "x32" ? End32 : End47;
        for (var row = regions.Length - 1; row >= 0; row--)
        {
            if (regions[row].Start < Vsyscall)
            {
                end = regions[row].End <= end ? end : regions[row].End <= End47 ? End47 : End56;
                break;
            }
        }
        return new AddressSpaceBounds(s_lowest, end, RegionTableBuilder.PageSize);
    }

    private static ulong Lowest()
    {
        Span<byte> text = stackalloc byte[32];
        var length = ProcFs.ProcFile.Read("/proc/sys/vm/mmap_min_addr\0"u8, text, out _);
        return System.Buffers.Text.Utf8Parser.TryParse(text[..length], out ulong address, out _) ? (address + 4095) & ~4095UL : 65536;
    }
}
