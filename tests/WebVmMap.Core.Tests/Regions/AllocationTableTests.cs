using CsCheck;
using WebVmMap.Core.Regions;
using WebVmMap.Core.Tests.Generators;

namespace WebVmMap.Core.Tests.Regions;

public sealed class AllocationTableTests
{
    [Fact]
    public void Value_AnyAllocation_IsTheSumOfItsRegions() => TableGen.Plausible.Sample(table =>
    {
        var allocations = AllocationTable.Of(table);
        foreach (var metric in Enum.GetValues<RegionMetric>())
        {
            for (var allocation = 0; allocation < allocations.Count; allocation++)
            {
                Assert.Equal(Rows(allocations, allocation).Sum(row => table.Value(metric, row)), allocations.Value(metric, allocation));
            }
        }
    });

    [Fact]
    public void OfRegion_AnyRow_IsTheAllocationThatHoldsIt() => TableGen.Plausible.Sample(table =>
    {
        var allocations = AllocationTable.Of(table);
        var rows = 0;
        for (var allocation = 0; allocation < allocations.Count; allocation++)
        {
            Assert.Equal(table.Addresses[rows], allocations.Address(allocation));
            Assert.Equal(table.DetailText(rows), allocations.DetailText(allocation));
            foreach (var row in Rows(allocations, allocation))
            {
                Assert.Equal(rows++, row);
                Assert.Equal(allocation, allocations.OfRegion(row));
                Assert.Equal(allocations.Category(allocation), table.Categories[row]);
                Assert.Equal(table.AllocationBases[allocations.FirstRegion[allocation]], table.AllocationBases[row]);
            }
        }
        Assert.Equal(table.Count, rows);
    });

    [Fact]
    public void Of_Neighbours_DifferInBaseOrCategory() => TableGen.Plausible.Sample(table =>
    {
        var allocations = AllocationTable.Of(table);
        for (var allocation = 1; allocation < allocations.Count; allocation++)
        {
            var (before, first) = (allocations.FirstRegion[allocation] - 1, allocations.FirstRegion[allocation]);
            Assert.NotEqual(
                (table.AllocationBases[before], table.Categories[before]),
                (table.AllocationBases[first], table.Categories[first]));
        }
    });

    [Fact]
    public void Protections_SomeReservedSomeNot_AreThoseOfTheRest()
    {
        var builder = new RegionTableBuilder();
        const Protection ReadWrite = Protection.Read | Protection.Write;
        Protection[] protections = [Protection.Reserved, Protection.Read, Protection.Reserved, ReadWrite, Protection.Reserved];
        for (var i = 0; i < protections.Length; i++)
        {
            builder.Add(new Region
            {
                Address = 0x10000 + (ulong)i * 4096,
                Size = 4096,
                AllocationBase = i < 4 ? 0x10000UL : 0x14000,
                Category = RegionCategory.Heap,
                Protection = protections[i],
            });
        }
        Assert.Equal([ReadWrite, Protection.Reserved], AllocationTable.Of(builder.Build([""])).Protections.ToArray());
    }

    [Fact]
    public void Of_NoRegions_HasNoAllocations()
    {
        var allocations = AllocationTable.Of(RegionTable.Empty);
        Assert.Equal(0, allocations.Count);
        Assert.Equal([0], allocations.FirstRegion.ToArray());
    }

    private static IEnumerable<int> Rows(AllocationTable allocations, int allocation) =>
        Enumerable.Range(allocations.FirstRegion[allocation], allocations.Blocks(allocation));
}
