using System.Collections.Immutable;
using WebVmMap.Core.Regions;
using WebVmMap.Core.Snapshots;

namespace WebVmMap.Core.Fragmentation;

/// <summary>
/// How broken up the address space of a snapshot is: what is free and in blocks of which sizes, and who left behind what nobody can
/// use. Immutable. All figures are bytes of address space, not of memory.
/// </summary>
public sealed record FragmentationReport
{
    /// <summary>Free address space.</summary>
    public required long FreeBytes { get; init; }

    /// <summary>How many free blocks there are.</summary>
    public required int FreeBlocks { get; init; }

    /// <summary>The largest of them: the largest allocation that could succeed.</summary>
    public required long LargestFree { get; init; }

    /// <summary>Free blocks by size, smallest class first, empty ones too.</summary>
    public required ImmutableArray<FreeSizeClass> FreeBySize { get; init; }

    /// <summary>Address space that nobody can allocate: the rest of granules (Windows; none on Linux, where a granule is a page).</summary>
    public required long UnusableBytes { get; init; }

    /// <summary>Who left it behind, most bytes first: the allocations right before it, those alike together.</summary>
    public required ImmutableArray<SpaceWaster> Wasters { get; init; }

    /// <summary>Address space that allocations reserve beyond what they have committed, most bytes first, those alike together.</summary>
    public required ImmutableArray<SpaceWaster> Reservers { get; init; }

    /// <summary>Works it out in one pass; <see cref="Snapshot.Fragmentation"/> does so once for all who ask.</summary>
    public static FragmentationReport Of(AllocationTable allocations)
    {
        var classes = FreeSizeClass.Empty();
        var (free, unusable) = (new GapSum(), new GapSum());
        var wasters = new WasterTable();
        var reservers = new WasterTable();
        for (var i = 0; i < allocations.Count; i++)
        {
            var size = allocations.Value(RegionMetric.Size, i);
            switch (allocations.Category(i))
            {
                case RegionCategory.Free:
                    free = free.Add(size);
                    FreeSizeClass.Count(classes, size);
                    break;
                case RegionCategory.Unusable:
                    unusable = unusable.Add(size);
                    // A rest of a granule begins where something in use ends; at the lowest address there is nothing before it.
                    wasters.Add(allocations, i > 0 ? i - 1 : null, size);
                    break;
                default:
                    reservers.Add(allocations, i, Math.Max(0, allocations.Value(RegionMetric.Reserved, i)));
                    break;
            }
        }
        return new FragmentationReport
        {
            FreeBytes = free.Bytes,
            FreeBlocks = free.Count,
            LargestFree = free.Largest,
            FreeBySize = [.. classes],
            UnusableBytes = unusable.Bytes,
            Wasters = wasters.Ranked(),
            Reservers = reservers.Ranked(),
        };
    }

    private readonly record struct GapSum(long Bytes, int Count, long Largest)
    {
        public GapSum Add(long size) => new(Bytes + size, Count + 1, Math.Max(Largest, size));
    }
}
