using System.Globalization;
using WebVmMap.Core.Processes;
using WebVmMap.Core.Regions;

namespace WebVmMap.Core.Tests.Regions;

/// <summary>One case of tests/Shared/filter-cases.json, which the TypeScript tests run too.</summary>
public sealed record FilterCase(string Filter, HostPlatform Platform, FilterCase.Row Region, bool Matches)
{
    public sealed record Row(
        string Address,
        long Size,
        string Category,
        ushort Protection,
        string Details,
        long Committed,
        long Private,
        long PrivateWs,
        long ShareableWs,
        long SharedWs,
        long LockedWs,
        long Pss,
        long Swap)
    {
        public RegionTable ToTable()
        {
            Assert.True(RegionCategories.TryParse(Category, out var category));
            var address = ulong.Parse(Address.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture);
            var builder = new RegionTableBuilder();
            builder.Add(new Region
            {
                Address = address,
                Size = Size,
                AllocationBase = address,
                Category = category,
                Protection = (Protection)Protection,
                Detail = 1,
                Committed = Committed,
                Private = Private,
                PrivateWs = PrivateWs,
                ShareableWs = ShareableWs,
                SharedWs = SharedWs,
                LockedWs = LockedWs,
                Pss = Pss,
                Swap = Swap,
            });
            return builder.Build(["", Details]);
        }
    }
}
