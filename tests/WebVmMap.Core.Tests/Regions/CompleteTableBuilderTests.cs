using CsCheck;
using WebVmMap.Core.Regions;
using WebVmMap.Core.Tests.Generators;

namespace WebVmMap.Core.Tests.Regions;

public sealed class CompleteTableBuilderTests
{
    private static readonly Region s_row = new() { Address = 0x20000, Size = 8192, AllocationBase = 0x20000, Category = RegionCategory.Heap };

    [Fact]
    public void Build_AnyRegions_IsWhatCompletingTheirTableGives() =>
        Gen.Select(TableGen.Observed, Gen.Bool, Gen.Int[0, 200]).Sample((table, windows, capacity) =>
        {
            var bounds = windows ? SnapshotGen.WindowsBounds : SnapshotGen.LinuxBounds;
            var builder = new CompleteTableBuilder(bounds, capacity);
            for (var row = 0; row < table.Count; row++)
            {
                builder.Add(table[row]);
            }
            Assert.Equal(table.Count, builder.Regions);
            Same.Tables(AddressSpace.Complete(table, bounds), builder.Build(table.Strings));
        });

    [Fact]
    public void Complete_TableThatIsCompleteAlready_IsGivenBack()
    {
        var bounds = SnapshotGen.LinuxBounds;
        var builder = new CompleteTableBuilder(bounds, 8);
        builder.Add(s_row);
        var table = builder.Build([""]);
        Assert.Same(table, AddressSpace.Complete(table, bounds));
        Assert.NotSame(table, AddressSpace.Complete(table, bounds with { Granularity = 65536 }));
    }

    [Theory]
    [InlineData(RegionCategory.Free)]
    [InlineData(RegionCategory.Unusable)]
    public void Add_Gap_IsRefused(RegionCategory gap)
    {
        var builder = new CompleteTableBuilder(SnapshotGen.LinuxBounds, 1);
        var error = Assert.Throws<ArgumentException>(() => builder.Add(s_row with { Category = gap }));
        Assert.Contains("is a gap", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Add_RowBeforeTheEndOfTheLast_IsRefused()
    {
        var builder = new CompleteTableBuilder(SnapshotGen.LinuxBounds, 1);
        builder.Add(s_row);
        Assert.Throws<ArgumentException>(() => builder.Add(s_row with { Address = 0x21000, AllocationBase = 0 }));
        Assert.Equal(1, builder.Regions);
    }

    [Fact]
    public void Value_RowPastTheEnd_IsRefusedThoughTheColumnsAreLonger()
    {
        // Room for more rows than there are, but so little that the columns are not copied.
        var builder = new CompleteTableBuilder(new AddressSpaceBounds(0x20000, 0x40000, 4096), 17);
        for (var i = 0; i < 16; i++)
        {
            builder.Add(s_row with { Address = 0x20000 + (ulong)i * 8192 });
        }
        var table = builder.Build([""]);
        Assert.Equal(16, table.Count);
        Assert.Equal(-1, table.Find(0));
        Assert.Equal(15, table.Find(0x3f000));
        Assert.ThrowsAny<Exception>(() => table.Value(RegionMetric.Size, 16));
        Assert.ThrowsAny<Exception>(() => table.Value(RegionMetric.TotalWs, 16));
        Assert.ThrowsAny<Exception>(() => table[16]);
        Assert.ThrowsAny<Exception>(() => table.End(16));
        Assert.ThrowsAny<Exception>(() => table.DetailText(16));
    }

    [Fact]
    public void Build_DetailOutsideTheTexts_IsRefused()
    {
        var builder = new CompleteTableBuilder(SnapshotGen.LinuxBounds, 1);
        builder.Add(s_row with { Detail = 2 });
        Assert.Throws<ArgumentException>(() => builder.Build(["", "one"]));
    }
}
