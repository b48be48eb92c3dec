using CsCheck;
using WebVmMap.Core.Regions;
using WebVmMap.Core.Tests.Generators;

namespace WebVmMap.Core.Tests.Regions;

public sealed class AddressSpaceTests
{
    private static readonly Gen<AddressSpaceBounds> s_bounds =
        Gen.Bool.Select(windows => windows ? SnapshotGen.WindowsBounds : SnapshotGen.LinuxBounds);

    [Fact]
    public void Complete_AnyTable_CoversTheBoundsWithoutGapOrOverlap() => Gen.Select(TableGen.Observed, s_bounds).Sample((table, bounds) =>
    {
        var complete = AddressSpace.Complete(table, bounds);
        var end = bounds.Lowest;
        for (var row = 0; row < complete.Count && complete.Addresses[row] < bounds.End; row++)
        {
            Assert.Equal(end, complete.Addresses[row]);
            end = complete.End(row);
        }
        Assert.True(end >= bounds.End);
    });

    [Fact]
    public void Complete_AnyTable_KeepsTheRegionsInUse() => Gen.Select(TableGen.Observed, s_bounds).Sample((table, bounds) =>
    {
        var complete = AddressSpace.Complete(table, bounds);
        Assert.Equal(Rows(table), Rows(complete).Where(region => !region.Category.IsGap()));
    });

    [Fact]
    public void Complete_AnyTable_LeavesNoFreeRowThatNobodyCouldAllocate() => Gen.Select(TableGen.Observed, s_bounds).Sample((table, bounds) =>
    {
        foreach (var region in Rows(AddressSpace.Complete(table, bounds)).Where(region => region.Category.IsGap()))
        {
            var granularity = (ulong)bounds.Granularity;
            if (region.Category == RegionCategory.Free)
            {
                Assert.Equal(0UL, region.Address % granularity);
            }
            else
            {
                Assert.NotEqual(0UL, region.Address % granularity);
                Assert.InRange(region.Size, 1, bounds.Granularity - 1);
            }
            Assert.Equal(0, region.Committed + region.Private + region.TotalWs);
            Assert.Equal(region.Address, region.AllocationBase);
        }
    });

    [Fact]
    public void Complete_ACompletedTable_ChangesNothing() => Gen.Select(TableGen.Observed, s_bounds).Sample((table, bounds) =>
    {
        var once = AddressSpace.Complete(table, bounds);
        Same.Tables(once, AddressSpace.Complete(once, bounds));
    });

    [Fact]
    public void Complete_GapRowsFromElsewhere_AreMadeAnew()
    {
        var builder = new RegionTableBuilder();
        builder.Add(Row(0x10000, 3, RegionCategory.Free));
        builder.Add(Row(0x14000, 1, RegionCategory.Heap));
        builder.Add(Row(0x15000, 100, RegionCategory.Unusable));
        var complete = AddressSpace.Complete(builder.Build([""]), new AddressSpaceBounds(0x10000, 0x40000, 65536));
        Assert.Equal(
            [
                (0x10000UL, RegionCategory.Free), (0x14000UL, RegionCategory.Heap),
                (0x15000UL, RegionCategory.Unusable), (0x20000UL, RegionCategory.Free),
            ],
            Rows(complete).Select(region => (region.Address, region.Category)));
    }

    [Fact]
    public void Complete_RegionsOutsideTheBounds_StayWithoutGapsAroundThem()
    {
        var builder = new RegionTableBuilder();
        builder.Add(Row(0, 1, RegionCategory.PrivateData));
        builder.Add(Row(0x20000, 1, RegionCategory.PrivateData));
        builder.Add(Row(0xffff_ffff_ff60_0000, 1, RegionCategory.Image));
        builder.Add(Row(0xffff_ffff_ffff_f000, 1, RegionCategory.Image));
        var complete = AddressSpace.Complete(builder.Build([""]), new AddressSpaceBounds(0x10000, 0x30000, 4096));
        Assert.Equal(
            [0UL, 0x10000UL, 0x20000UL, 0x21000UL, 0xffff_ffff_ff60_0000, 0xffff_ffff_ffff_f000],
            Rows(complete).Select(region => region.Address));
    }

    [Theory]
    [InlineData(0x10001, 0x20000, 4096)]
    [InlineData(0x10000, 0x20001, 4096)]
    [InlineData(0x20000, 0x10000, 4096)]
    [InlineData(0x10000, 0x8000_0000_0000_0000, 4096)]
    [InlineData(0x10000, 0x20000, 0)]
    [InlineData(0x10000, 0x20000, 2048)]
    [InlineData(0x10000, 0x20000, 12288)]
    [InlineData(0x10000, 0x20000, -65536)]
    public void Complete_BoundsThatAreNone_AreRefused(ulong lowest, ulong end, int granularity) =>
        Assert.Throws<ArgumentException>(() => AddressSpace.Complete(RegionTable.Empty, new AddressSpaceBounds(lowest, end, granularity)));

    private static IEnumerable<Region> Rows(RegionTable table) => Enumerable.Range(0, table.Count).Select(row => table[row]);

    private static Region Row(ulong address, long pages, RegionCategory category) =>
        new() { Address = address, Size = pages * 4096, AllocationBase = address, Category = category };
}
