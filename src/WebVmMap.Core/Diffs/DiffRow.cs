using WebVmMap.Core.Regions;

namespace WebVmMap.Core.Diffs;

/// <summary>One row of a diff as a value.</summary>
/// <param name="Change">What became of it.</param>
/// <param name="Aspects">In what it differs.</param>
/// <param name="Before">The region in the older snapshot; null where it was added.</param>
/// <param name="After">The region in the newer snapshot; null where it was removed.</param>
/// <param name="DetailsBefore">Its details in the older snapshot, empty where it was added.</param>
/// <param name="DetailsAfter">Its details in the newer snapshot, empty where it was removed.</param>
public readonly record struct DiffRow(
    RegionChange Change, DiffAspects Aspects, Region? Before, Region? After, string DetailsBefore, string DetailsAfter);
