using WebVmMap.Core.Processes;

namespace WebVmMap.Core.Regions.Filtering;

/// <summary>One condition on a region. Immutable.</summary>
internal abstract class FilterTerm
{
    public abstract bool Matches(RegionTable table, int row, HostPlatform platform);
}
