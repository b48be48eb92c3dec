using WebVmMap.Core.Regions;
using WebVmMap.Probes.Linux.Smaps;

namespace WebVmMap.Probes.Linux;

/// <summary>Turns a record of smaps into the product's columns.</summary>
/// <remarks>
/// <para>Committed: all of it when the kernel charged it against the commit limit (<c>ac</c>) or when a file or shared object
/// is behind it; of a reserve (PROT_NONE, MAP_NORESERVE) just the pages that are there, in memory or in swap.</para>
/// <para>Private: the same, for private mappings of anonymous pages; pages of a file that were never written are not private.</para>
/// <para>Private WS: the resident anonymous pages. Shareable WS: the other resident ones. Shared WS: those of them that another
/// process has mapped too; smaps counts among its shared pages also anonymous ones that a fork left in two processes, and does
/// not tell them apart, so it is bounded by Shareable WS.</para>
/// <para>Locked WS: as smaps has it, where a page that n processes lock counts for 1/n in each.</para>
/// <para>Huge pages of hugetlbfs are not part of Rss; they are added here.</para>
/// </remarks>
internal static class RegionFigures
{
    /// <summary>The region with all its columns.</summary>
    public static Region ToRegion(in SmapsRegion record)
    {
        var size = record.Size;
        var shared = record.IsShared;
        var hugePrivate = shared ? 0 : record.PrivateHugetlb + record.SharedHugetlb;
        var hugeShared = shared ? record.PrivateHugetlb + record.SharedHugetlb : 0;
        // Each figure is summed by the kernel at its own moment: clip, so that the columns agree whatever happens meanwhile.
        var anonymous = Math.Min(record.Anonymous, record.Rss);
        var privateWs = Math.Min(anonymous + hugePrivate, size);
        var shareableWs = Math.Min(record.Rss - anonymous + hugeShared, size - privateWs);
        var sharedWs = Math.Min(record.SharedClean + record.SharedDirty + (shared ? record.SharedHugetlb : 0), shareableWs);
        var swap = Math.Min(record.Swap, size);
        var own = Math.Min(Math.Max(record.Anonymous + hugePrivate + swap, privateWs), size);
        var accounted = IsAccounted(record);
        // [vdso] and its like have no file, but the kernel's own pages.
        var hasBacking = record.Inode != 0 || shared || record.Category == RegionCategory.Image && record.Name != 0;
        var committed = accounted || hasBacking ? size : Math.Max(own, privateWs + shareableWs);
        return new Region
        {
            Address = record.Start,
            Size = size,
            AllocationBase = record.AllocationBase,
            Category = record.Category,
            Protection = record.Protection,
            Detail = record.Detail,
            Committed = committed,
            Private = shared ? 0 : accounted ? size : own,
            PrivateWs = privateWs,
            ShareableWs = shareableWs,
            SharedWs = sharedWs,
            LockedWs = Math.Min(record.Locked, privateWs + shareableWs),
            Pss = record.Pss,
            Swap = swap,
        };
    }

    /// <summary>Where the kernel prints no flags (before 3.8), private writable memory is what it charges.</summary>
    private static bool IsAccounted(in SmapsRegion record) =>
        (record.Flags & VmFlags.Known) != 0
            ? (record.Flags & VmFlags.Accounted) != 0 && !record.IsShared
            : !record.IsShared && (record.Protection & Protection.Write) != 0;
}
