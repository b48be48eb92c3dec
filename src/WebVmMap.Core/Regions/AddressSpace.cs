namespace WebVmMap.Core.Regions;

/// <summary>Adds to the regions in use what lies between them, so that one table accounts for the whole address space.</summary>
public static class AddressSpace
{
    /// <summary>
    /// The table with a Free row for every gap inside the bounds, and before it, where a gap does not begin on the
    /// allocation granularity, an Unusable row up to the next multiple: nobody can allocate there.
    /// Gap rows already present are made anew. Regions outside the bounds (Linux's vsyscall page) stay; no gap is derived there.
    /// </summary>
    public static RegionTable Complete(RegionTable regions, AddressSpaceBounds bounds)
    {
        var builder = new RegionTableBuilder(regions.Count * 2 + 2);
        var end = bounds.Lowest;
        for (var row = 0; row < regions.Count; row++)
        {
            if (regions.Categories[row].IsGap())
            {
                continue;
            }
            AddGap(builder, end, Math.Min(regions.Addresses[row], bounds.End), bounds.Granularity);
            builder.Add(regions[row]);
            end = Math.Max(end, regions.End(row) == 0 ? ulong.MaxValue : regions.End(row));
        }
        AddGap(builder, end, bounds.End, bounds.Granularity);
        return builder.Build(regions.Strings);
    }

    private static void AddGap(RegionTableBuilder builder, ulong from, ulong to, int granularity)
    {
        if (from >= to)
        {
            return;
        }
        var mask = (ulong)granularity - 1;
        var usable = Math.Min((from + mask) & ~mask, to);
        if (usable > from)
        {
            builder.Add(Gap(from, usable, RegionCategory.Unusable));
        }
        if (to > usable)
        {
            builder.Add(Gap(usable, to, RegionCategory.Free));
        }
    }

    private static Region Gap(ulong from, ulong to, RegionCategory category) =>
        new() { Address = from, Size = (long)(to - from), AllocationBase = from, Category = category };
}
