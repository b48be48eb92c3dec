namespace WebVmMap.Core.Regions;

/// <summary>Adds to the regions in use what lies between them, so that one table accounts for the whole address space.</summary>
public static class AddressSpace
{
    /// <summary>
    /// The table with a Free row for every gap inside the bounds, and before it, where a gap does not begin on the
    /// allocation granularity, an Unusable row up to the next multiple: nobody can allocate there.
    /// Gap rows already present are made anew. Regions outside the bounds (Linux's vsyscall page) stay; no gap is derived there.
    /// </summary>
    /// <exception cref="ArgumentException">The bounds are not page-aligned, end before they begin or beyond 2^63, or their
    /// granularity is not a power of two.</exception>
    public static RegionTable Complete(RegionTable regions, AddressSpaceBounds bounds)
    {
        if (bounds.Broken() is { } broken)
        {
            throw new ArgumentException(broken, nameof(bounds));
        }
        var columns = new RegionColumns(CountCompleted(regions, bounds));
        var end = bounds.Lowest;
        var row = 0;
        while (row < regions.Count)
        {
            if (regions.Categories[row].IsGap())
            {
                row++;
                continue;
            }
            AddGap(columns, end, Math.Min(regions.Addresses[row], bounds.End), bounds.Granularity);
            var run = ContiguousRun(regions, row);
            columns.AddRange(regions, row, run);
            row += run;
            end = Math.Max(end, EndOf(regions, row - 1));
        }
        AddGap(columns, end, bounds.End, bounds.Granularity);
        return columns.Finish(regions.Strings);
    }

    /// <summary>How many rows the completed table has, so that its columns are made once and in the right size.</summary>
    private static int CountCompleted(RegionTable regions, AddressSpaceBounds bounds)
    {
        var count = 0;
        var end = bounds.Lowest;
        for (var row = 0; row < regions.Count; row++)
        {
            if (!regions.Categories[row].IsGap())
            {
                count += 1 + CountGap(end, Math.Min(regions.Addresses[row], bounds.End), bounds.Granularity);
                end = Math.Max(end, EndOf(regions, row));
            }
        }
        return count + CountGap(end, bounds.End, bounds.Granularity);
    }

    private static int ContiguousRun(RegionTable regions, int row)
    {
        var next = row + 1;
        while (next < regions.Count && regions.Addresses[next] == regions.End(next - 1) && !regions.Categories[next].IsGap())
        {
            next++;
        }
        return next - row;
    }

    /// <summary>The end of a row, kept below 2^64.</summary>
    private static ulong EndOf(RegionTable regions, int row) => regions.End(row) is var end && end == 0 ? ulong.MaxValue : end;

    private static ulong UsableFrom(ulong from, ulong to, int granularity)
    {
        var mask = (ulong)granularity - 1;
        return Math.Min((from + mask) & ~mask, to);
    }

    private static int CountGap(ulong from, ulong to, int granularity)
    {
        if (from >= to)
        {
            return 0;
        }
        var usable = UsableFrom(from, to, granularity);
        return (usable > from ? 1 : 0) + (to > usable ? 1 : 0);
    }

    private static void AddGap(RegionColumns columns, ulong from, ulong to, int granularity)
    {
        if (from >= to)
        {
            return;
        }
        var usable = UsableFrom(from, to, granularity);
        if (usable > from)
        {
            columns.Add(Gap(from, usable, RegionCategory.Unusable));
        }
        if (to > usable)
        {
            columns.Add(Gap(usable, to, RegionCategory.Free));
        }
    }

    private static Region Gap(ulong from, ulong to, RegionCategory category) =>
        new() { Address = from, Size = (long)(to - from), AllocationBase = from, Category = category };
}
