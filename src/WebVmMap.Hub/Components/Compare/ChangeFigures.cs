using WebVmMap.Core.Diffs;
using WebVmMap.Core.Regions;

namespace WebVmMap.Hub.Components.Compare;

/// <summary>
/// The figures of a diff's rows, of all categories or of one: there a region that moved from one category to another counts
/// with what it had in it and what it has, as in the summary. So the sum over the rows is the summary's delta.
/// </summary>
/// <param name="regions">The rows.</param>
/// <param name="category">The one category; null for all.</param>
public readonly struct ChangeFigures(RegionDiff regions, RegionCategory? category)
{
    /// <summary>Whether a row is, or was, of the category.</summary>
    public bool IsWanted(int row) => CountsBefore(row) || CountsAfter(row);

    /// <summary>What a region had, in bytes.</summary>
    public long Before(RegionMetric metric, int row) => CountsBefore(row) ? regions.ValueBefore(metric, row) : 0;

    /// <summary>What a region has, in bytes.</summary>
    public long After(RegionMetric metric, int row) => CountsAfter(row) ? regions.ValueAfter(metric, row) : 0;

    /// <summary>By how much a region grew, in bytes.</summary>
    public long Delta(RegionMetric metric, int row) => After(metric, row) - Before(metric, row);

    /// <summary>What an allocation had, in bytes.</summary>
    public long AllocationBefore(RegionMetric metric, int allocation)
    {
        var sum = 0L;
        for (var row = regions.FirstRegion[allocation]; row < regions.FirstRegion[allocation + 1]; row++)
        {
            sum += Before(metric, row);
        }
        return sum;
    }

    /// <summary>What an allocation has, in bytes.</summary>
    public long AllocationAfter(RegionMetric metric, int allocation)
    {
        var sum = 0L;
        for (var row = regions.FirstRegion[allocation]; row < regions.FirstRegion[allocation + 1]; row++)
        {
            sum += After(metric, row);
        }
        return sum;
    }

    /// <summary>By how much an allocation grew, in bytes.</summary>
    public long AllocationDelta(RegionMetric metric, int allocation) => AllocationAfter(metric, allocation) - AllocationBefore(metric, allocation);

    /// <summary>By how much the region of an allocation changed that changed most, whichever way, in bytes.</summary>
    public long Largest(RegionMetric metric, int allocation)
    {
        var largest = 0L;
        for (var row = regions.FirstRegion[allocation]; row < regions.FirstRegion[allocation + 1]; row++)
        {
            largest = Math.Max(largest, Math.Abs(Delta(metric, row)));
        }
        return largest;
    }

    private bool CountsBefore(int row) => regions.BeforeRows[row] is >= 0 and var before && (category is null || regions.Before.Categories[before] == category);

    private bool CountsAfter(int row) => regions.AfterRows[row] is >= 0 and var after && (category is null || regions.After.Categories[after] == category);
}
