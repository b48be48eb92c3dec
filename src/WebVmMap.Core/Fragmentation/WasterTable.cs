using System.Collections.Immutable;
using WebVmMap.Core.Regions;

namespace WebVmMap.Core.Fragmentation;

/// <summary>Sums what allocations waste, by category and details. Not thread-safe.</summary>
internal sealed class WasterTable
{
    private readonly Dictionary<(RegionCategory Category, string Details), (SpaceWaster Sum, long Most)> _wasters = [];

    /// <summary>Counts what an allocation wastes; none is what has nothing before it.</summary>
    public void Add(AllocationTable allocations, int? allocation, long wasted)
    {
        if (wasted == 0)
        {
            return;
        }
        var (category, details, size, address) = allocation is { } i
            ? (allocations.Category(i), allocations.DetailText(i), allocations.Value(RegionMetric.Size, i), allocations.Address(i))
            : (RegionCategory.Unspecified, "", 0, 0);
        var (sum, most) = _wasters.TryGetValue((category, details), out var known) ? known : (new SpaceWaster(category, details, 0, 0, 0, address), 0);
        _wasters[(category, details)] = (
            sum with
            {
                Allocations = sum.Allocations + 1,
                SizeBytes = sum.SizeBytes + size,
                WastedBytes = sum.WastedBytes + wasted,
                Example = wasted > most ? address : sum.Example,
            },
            Math.Max(most, wasted));
    }

    /// <summary>The sums, most wasted first; of two alike the lower address.</summary>
    public ImmutableArray<SpaceWaster> Ranked() =>
        [.. _wasters.Values.Select(waster => waster.Sum).OrderByDescending(waster => waster.WastedBytes).ThenBy(waster => waster.Example)];
}
