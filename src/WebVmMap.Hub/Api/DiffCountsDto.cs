using WebVmMap.Core.Diffs;

namespace WebVmMap.Hub.Api;

/// <summary>How many regions changed in which way, before any threshold.</summary>
internal sealed record DiffCountsDto(int Same, int Added, int Removed, int Grown, int Shrunk, int Changed)
{
    public static DiffCountsDto Of(RegionDiff diff)
    {
        var counts = new int[(int)RegionChange.Changed + 1];
        foreach (var change in diff.Changes)
        {
            counts[(int)change]++;
        }
        return new DiffCountsDto(
            counts[(int)RegionChange.Same], counts[(int)RegionChange.Added], counts[(int)RegionChange.Removed],
            counts[(int)RegionChange.Grown], counts[(int)RegionChange.Shrunk], counts[(int)RegionChange.Changed]);
    }
}
