namespace WebVmMap.Core.Regions;

/// <summary>Adds to the regions in use what lies between them, so that one table accounts for the whole address space.</summary>
public static class AddressSpace
{
    /// <summary>
    /// The table with a Free row for every gap inside the bounds, and before it, where a gap does not begin on the
    /// allocation granularity, an Unusable row up to the next multiple: nobody can allocate there.
    /// Gap rows already present are made anew. Regions outside the bounds (Linux's vsyscall page) stay; no gap is derived there.
    /// A table that was completed within the same bounds is given back as it is.
    /// </summary>
    /// <exception cref="ArgumentException">The bounds are not page-aligned, end before they begin or beyond 2^63, or their
    /// granularity is not a power of two.</exception>
    public static RegionTable Complete(RegionTable regions, AddressSpaceBounds bounds)
    {
        if (regions.CompleteWithin == bounds)
        {
            return regions;
        }
        var builder = new CompleteTableBuilder(bounds, CountRows(regions, bounds));
        builder.AddRange(regions, 0, regions.Count);
        return builder.Build(regions.Strings);
    }

    /// <summary>At least as many rows as the completed table has, and where no gap leaves an Unusable row, hardly more.</summary>
    private static int CountRows(RegionTable regions, AddressSpaceBounds bounds)
    {
        var rowsOfGap = bounds.Granularity > RegionTableBuilder.PageSize ? 2 : 1;
        var count = regions.Count + 2 * rowsOfGap;
        for (var row = 1; row < regions.Count; row++)
        {
            count += regions.Addresses[row] == regions.End(row - 1) ? 0 : rowsOfGap;
        }
        return count;
    }
}
