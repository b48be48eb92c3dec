using System.Collections.Immutable;
using WebVmMap.Core.Recordings;
using WebVmMap.Core.Regions;

namespace WebVmMap.Hub.Components.Recordings;

/// <summary>Live blocks by the region of their process in which they begin. Immutable.</summary>
/// <param name="Regions">Those with blocks, the one with the most bytes first.</param>
/// <param name="Outside">How many blocks begin in none of the regions.</param>
/// <param name="OutsideBytes">Bytes of these.</param>
internal sealed record BlocksByRegion(ImmutableArray<BlocksOfRegion> Regions, long Outside, long OutsideBytes)
{
    private const int InNone = -1;

    /// <summary>The bounds to count blocks between, and for each the row of the region that begins there, negative for what lies between regions.</summary>
    public static (ImmutableArray<ulong> Bounds, ImmutableArray<int> Rows) Bounds(RegionTable regions)
    {
        var bounds = ImmutableArray.CreateBuilder<ulong>();
        var rows = ImmutableArray.CreateBuilder<int>();
        void Add(ulong bound, int row)
        {
            bounds.Add(bound);
            rows.Add(row);
        }
        var end = 0UL;
        for (var row = 0; row < regions.Count; row++)
        {
            if (regions.Categories[row].IsGap())
            {
                continue;
            }
            var address = regions.Addresses[row];
            if (bounds.Count > 0 && end != address)
            {
                Add(end, InNone);
            }
            Add(address, row);
            end = regions.End(row);
        }
        // Behind a region at the very top of the address space there is nothing.
        if (end != 0)
        {
            Add(end, InNone);
        }
        return (bounds.ToImmutable(), rows.ToImmutable());
    }

    /// <summary>Puts together what was counted between the bounds.</summary>
    /// <param name="rows">The row of each bound.</param>
    /// <param name="groups">What was counted.</param>
    /// <param name="count">How many blocks there are in all.</param>
    /// <param name="bytes">Bytes of all.</param>
    public static BlocksByRegion Of(ImmutableArray<int> rows, ImmutableArray<BlockGroup> groups, long count, long bytes)
    {
        ImmutableArray<BlocksOfRegion> regions =
        [
            .. groups.Where(group => rows[group.Bound] != InNone).Select(group => new BlocksOfRegion(rows[group.Bound], group.Blocks, group.Bytes))
                .OrderByDescending(region => region.Bytes).ThenBy(region => region.Row),
        ];
        return new(regions, count - regions.Sum(region => region.Blocks), bytes - regions.Sum(region => region.Bytes));
    }
}
