using WebVmMap.Core.Regions;
using WebVmMap.Probes.Linux.Smaps;

namespace WebVmMap.Probes.Linux.Classification;

/// <summary>
/// With another allocator loaded than glibc's, writable anonymous memory that nothing else explains is taken for its heap:
/// these allocators put no mark on their mappings that could be told from outside.
/// </summary>
internal static class AllocatorFinder
{
    /// <summary>Marks what is left.</summary>
    /// <returns>The allocator's name; null when there is none.</returns>
    public static string? Find(Span<SmapsRegion> regions, MappingNames names)
    {
        var allocator = names.Has(LibraryRole.Jemalloc) ? "jemalloc"
            : names.Has(LibraryRole.Mimalloc) ? "mimalloc"
            : names.Has(LibraryRole.TcMalloc) ? "tcmalloc"
            : null;
        if (allocator is null)
        {
            return null;
        }
        var detail = names.Strings.Intern(allocator);
        foreach (ref var region in regions)
        {
            if (region.IsReadWrite && RegionRuns.IsUnclaimed(region))
            {
                RegionRuns.Mark(ref region, RegionCategory.Heap, region.Start, detail);
            }
        }
        return allocator;
    }
}
