namespace WebVmMap.Hub.Components.Details;

/// <summary>One visible row of the details: an allocation, or a region under it.</summary>
/// <param name="Allocation">Index of the allocation.</param>
/// <param name="Region">Index of the region, -1 for the allocation's own row.</param>
public readonly record struct DetailsRow(int Allocation, int Region)
{
    /// <summary>True for a region under its allocation.</summary>
    public bool IsRegion => Region >= 0;
}
