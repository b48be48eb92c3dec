using WebVmMap.Core.Regions;

namespace WebVmMap.Core.Diffs;

/// <summary>What became of an allocation, from what became of its regions.</summary>
internal static class AllocationChange
{
    // What one region's difference says of the whole; its own figures do not.
    private const DiffAspects OfAnyRegion =
        DiffAspects.Address | DiffAspects.Protection | DiffAspects.Category | DiffAspects.Details | DiffAspects.Allocation | DiffAspects.Part;

    public static (RegionChange Change, DiffAspects Aspects) Of(RegionDiff diff, int allocation)
    {
        var first = diff.FirstRegion[allocation];
        var end = diff.FirstRegion[allocation + 1];
        if (end - first == 1)
        {
            return (diff.Changes[first], diff.Aspects[first]);
        }
        var before = false;
        var after = false;
        var same = true;
        var aspects = DiffAspects.None;
        for (var row = first; row < end; row++)
        {
            before |= diff.BeforeRows[row] >= 0;
            after |= diff.AfterRows[row] >= 0;
            same &= diff.Changes[row] == RegionChange.Same;
            aspects |= diff.Aspects[row] & OfAnyRegion;
        }
        if (same)
        {
            return (RegionChange.Same, DiffAspects.None);
        }
        if (!before || !after)
        {
            return (after ? RegionChange.Added : RegionChange.Removed, aspects);
        }
        var size = diff.AllocationDelta(RegionMetric.Size, allocation);
        var committed = diff.AllocationDelta(RegionMetric.Committed, allocation);
        aspects |= size != 0 ? DiffAspects.Size : 0;
        aspects |= committed != 0 ? DiffAspects.Committed : 0;
        aspects |= diff.AllocationDelta(RegionMetric.Private, allocation) != 0 ? DiffAspects.Private : 0;
        for (var metric = RegionMetric.PrivateWs; metric <= RegionMetric.Swap; metric++)
        {
            aspects |= diff.AllocationDelta(metric, allocation) != 0 ? DiffAspects.Residency : 0;
        }
        return (RowComparison.Kind(size, committed), aspects);
    }
}
