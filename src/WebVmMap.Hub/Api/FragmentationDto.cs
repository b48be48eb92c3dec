using WebVmMap.Core.Fragmentation;

namespace WebVmMap.Hub.Api;

/// <summary>How broken up the address space of a snapshot is. Bytes of address space.</summary>
/// <param name="FreeBytes">What is free.</param>
/// <param name="FreeBlocks">In how many blocks.</param>
/// <param name="LargestFree">The largest of them: the largest allocation that could succeed.</param>
/// <param name="FreeBySize">Free blocks by size.</param>
/// <param name="UnusableBytes">What nobody can allocate: the rest of granules (Windows).</param>
/// <param name="Wasters">Who left that behind, most bytes first; at most 100.</param>
/// <param name="Reservers">Who reserves more than is committed, most bytes first; at most 100.</param>
/// <param name="History">The largest free block in the snapshots of the same process, oldest first, as many as were asked for.</param>
internal sealed record FragmentationDto(
    long FreeBytes, int FreeBlocks, long LargestFree, IReadOnlyList<FreeSizeClassDto> FreeBySize, long UnusableBytes,
    IReadOnlyList<SpaceWasterDto> Wasters, IReadOnlyList<SpaceWasterDto> Reservers, IReadOnlyList<FragmentationMomentDto> History)
{
    private const int Most = 100;

    public static FragmentationDto Of(FragmentationReport report, IReadOnlyList<FragmentationMomentDto> history) => new(
        report.FreeBytes,
        report.FreeBlocks,
        report.LargestFree,
        [.. report.FreeBySize.Select(sizes => new FreeSizeClassDto(sizes.From, sizes.To == long.MaxValue ? null : sizes.To, sizes.Blocks, sizes.Bytes))],
        report.UnusableBytes,
        [.. report.Wasters.Take(Most).Select(SpaceWasterDto.Of)],
        [.. report.Reservers.Take(Most).Select(SpaceWasterDto.Of)],
        history);
}
