namespace WebVmMap.Core.Regions;

/// <summary>What holds for every row of every table.</summary>
internal static class RegionRules
{
    private const ulong PageMask = RegionTableBuilder.PageSize - 1;
    private const Protection AllProtections = (Protection)511;

    /// <summary>Checks one row that is a value.</summary>
    /// <param name="first">True for the first row of a table.</param>
    /// <param name="previousEnd">The first address after the row before it; 0 after the last page of the address space.</param>
    /// <param name="region">The row.</param>
    /// <returns>The rule that it breaks as a sentence, or null.</returns>
    public static string? Broken(bool first, ulong previousEnd, in Region region) => Broken(
        first,
        previousEnd,
        region.Address,
        region.Size,
        region.AllocationBase,
        region.Category,
        region.Protection,
        region.Committed | region.Private | region.PrivateWs | region.ShareableWs | region.SharedWs | region.LockedWs | region.Pss | region.Swap);

    /// <summary>Checks one row.</summary>
    /// <param name="first">True for the first row of a table.</param>
    /// <param name="previousEnd">The first address after the row before it; 0 after the last page of the address space.</param>
    /// <param name="address">First address.</param>
    /// <param name="size">Length in bytes.</param>
    /// <param name="allocationBase">First address of the allocation.</param>
    /// <param name="category">Category.</param>
    /// <param name="protection">Protection.</param>
    /// <param name="metrics">All metrics but the size, combined by OR: negative when one of them is.</param>
    /// <returns>The rule that it breaks as a sentence, or null.</returns>
    public static string? Broken(
        bool first,
        ulong previousEnd,
        ulong address,
        long size,
        ulong allocationBase,
        RegionCategory category,
        Protection protection,
        long metrics)
    {
        if (((address | (ulong)size | allocationBase) & PageMask) != 0 || size <= 0)
        {
            return $"Region 0x{address:x} of {size} bytes, allocated at 0x{allocationBase:x}, is not made of whole pages.";
        }
        // An end of exactly 2^64 wraps to 0 and is allowed once: nothing can follow it.
        if (!first && (previousEnd == 0 || address < previousEnd))
        {
            return $"Region 0x{address:x} begins before the end of the one before it, 0x{previousEnd:x}.";
        }
        var end = unchecked(address + (ulong)size);
        if (end != 0 && end < address)
        {
            return $"Region 0x{address:x} of {size} bytes passes the end of the address space.";
        }
        if (allocationBase > address)
        {
            return $"Region 0x{address:x} lies before its allocation, 0x{allocationBase:x}.";
        }
        if (category is RegionCategory.Unspecified or RegionCategory.PageTable or > RegionCategory.Free)
        {
            return $"Region 0x{address:x} has the category {(byte)category}, which no region can have.";
        }
        if ((protection & ~AllProtections) != 0)
        {
            return $"Region 0x{address:x} has unknown protection flags, 0x{(ushort)protection:x}.";
        }
        return metrics < 0 ? $"Region 0x{address:x} has a negative figure." : null;
    }
}
