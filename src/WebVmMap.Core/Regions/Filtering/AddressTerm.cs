using WebVmMap.Core.Processes;

namespace WebVmMap.Core.Regions.Filtering;

/// <summary><c>addr:0x7f0012345678</c>: the region holds that address.</summary>
internal sealed class AddressTerm(ulong address) : FilterTerm
{
    public override bool Matches(RegionTable table, int row, HostPlatform platform) =>
        address >= table.Addresses[row] && address - table.Addresses[row] < (ulong)table.Sizes[row];
}
