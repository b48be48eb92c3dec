namespace WebVmMap.Hub.Components.Compare;

/// <summary>One visible row of the changes: an allocation, or a region under it.</summary>
/// <param name="Allocation">Index of the allocation in the diff.</param>
/// <param name="Region">Row of the region in the diff, -1 for the allocation's own row.</param>
public readonly record struct ChangeRow(int Allocation, int Region)
{
    /// <summary>True for a region under its allocation.</summary>
    public bool IsRegion => Region >= 0;
}
