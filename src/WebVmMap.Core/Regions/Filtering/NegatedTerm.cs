using WebVmMap.Core.Processes;

namespace WebVmMap.Core.Regions.Filtering;

/// <summary><c>-term</c>: the opposite.</summary>
internal sealed class NegatedTerm(FilterTerm term) : FilterTerm
{
    public override bool Matches(RegionTable table, int row, HostPlatform platform) => !term.Matches(table, row, platform);
}
