using WebVmMap.Core.Regions;
using WebVmMap.Probes.Linux.Smaps;

namespace WebVmMap.Probes.Linux.Classification;

/// <summary>
/// Finds the memory of a running .NET runtime. It reserves address space in one piece, marks what is not committed as not to
/// be dumped (MADV_DONTDUMP, told by the kernel as <c>dd</c>), and commits pieces of it by making them writable: so a run of
/// anonymous mappings with such a rest between them is one reservation. The large ones are the collector's.
/// </summary>
internal static class ManagedHeapFinder
{
    /// <summary>The collector reserves 256 GiB, or with a hard limit a multiple of that; the loader's pieces are 64 KiB to 4 MiB.</summary>
    private const long SmallestHeap = 64L << 20;
    private const long CertainReserve = 1L << 30;

    /// <summary>Marks the collector's heap, generated code and what else the runtime reserved.</summary>
    public static void Find(Span<SmapsRegion> regions, MappingNames names)
    {
        if (!names.Has(LibraryRole.CoreClr))
        {
            return;
        }
        var heap = names.Strings.Intern("GC heap");
        var code = names.Strings.Intern("JIT code");
        var other = names.Strings.Intern("CLR reserve");
        for (var i = 0; i < regions.Length; i++)
        {
            if (RegionRuns.IsUnclaimed(regions[i]) && (regions[i].Protection & Protection.Execute) != 0)
            {
                RegionRuns.Mark(ref regions[i], RegionCategory.ManagedHeap, regions[i].Start, code);
                continue;
            }
            if (!IsReserve(regions[i]))
            {
                continue;
            }
            // The part committed at the start of a reservation lies before its first uncommitted part.
            var first = i > 0 && RegionRuns.FollowsPrevious(regions, i) && IsCommitted(regions[i - 1]) ? i - 1 : i;
            var last = i;
            while (last + 1 < regions.Length
                && RegionRuns.FollowsPrevious(regions, last + 1)
                && (IsReserve(regions[last + 1]) || IsCommitted(regions[last + 1])))
            {
                last++;
            }
            var size = (long)(regions[last].End - regions[first].Start);
            for (var n = first; n <= last; n++)
            {
                RegionRuns.Mark(
                    ref regions[n],
                    size >= SmallestHeap ? RegionCategory.ManagedHeap : RegionCategory.PrivateData,
                    regions[first].Start,
                    size >= SmallestHeap ? heap : other);
            }
            i = last;
        }
    }

    private static bool IsReserve(in SmapsRegion region) =>
        RegionRuns.IsUnclaimed(region) && region.IsInaccessible && ((region.Flags & VmFlags.DontDump) != 0 || region.Size >= CertainReserve);

    private static bool IsCommitted(in SmapsRegion region) =>
        RegionRuns.IsUnclaimed(region) && region.IsReadWrite && (region.Flags & VmFlags.NoReserve) == 0;
}
