using WebVmMap.Core.Processes;
using WebVmMap.Core.Regions;

namespace WebVmMap.Core.Import;

/// <summary>The address space of a snapshot whose file does not state it.</summary>
internal static class ImportedBounds
{
    private const int WindowsGranularity = 65536;

    // What Windows gives programs: of 32 bits, of 32 bits on a 64-bit system with large addresses, of 64 bits.
    // https://learn.microsoft.com/windows/win32/memory/memory-limits-for-windows-releases
    private static readonly ulong[] s_windowsEnds = [0x7FFF_0000, 0xFFFF_0000, 0x7FFF_FFFF_0000];

    /// <summary>The steps in which a system gives memory.</summary>
    public static int Granularity(HostPlatform platform) => platform == HostPlatform.Windows ? WindowsGranularity : RegionTableBuilder.PageSize;

    /// <summary>From the rows themselves where the file holds what is free too.</summary>
    public static AddressSpaceBounds OfGaps(HostPlatform platform, ImportedRows rows) => Checked(platform, rows.Lowest, rows.End);

    /// <summary>From the sizes of the summary: VMMap counts all from address 0.</summary>
    /// <returns>Null when they do not fit the rows.</returns>
    public static AddressSpaceBounds? OfSizes(HostPlatform platform, ImportedRows rows, long allBytes) =>
        allBytes > 0 && (ulong)allBytes >= rows.End && allBytes % RegionTableBuilder.PageSize == 0 ? Checked(platform, 0, (ulong)allBytes) : null;

    /// <summary>The smallest address space there is that holds the rows.</summary>
    public static AddressSpaceBounds Guess(HostPlatform platform, ImportedRows rows)
    {
        var end = platform == HostPlatform.Windows ? Array.Find(s_windowsEnds, end => end >= rows.End) : 0;
        return Checked(platform, Math.Min(rows.Lowest, 0x10000), Math.Max(end, rows.End));
    }

    private static AddressSpaceBounds Checked(HostPlatform platform, ulong lowest, ulong end)
    {
        const ulong Mask = RegionTableBuilder.PageSize - 1;
        var to = Math.Min((end + Mask) & ~Mask, long.MaxValue & ~Mask);
        return new AddressSpaceBounds(Math.Min(lowest & ~Mask, to), to, Granularity(platform));
    }
}
