using CsCheck;
using WebVmMap.Core.Regions;
using WebVmMap.Core.Tests.Generators;

namespace WebVmMap.Core.Tests.Regions;

public sealed class RegionTableTests
{
    private static readonly Region s_row = new()
    {
        Address = 0x10000,
        Size = 8192,
        AllocationBase = 0x10000,
        Category = RegionCategory.Heap,
    };

    [Fact]
    public void Find_AnyAddress_IsTheRowThatHoldsIt() =>
        Gen.Select(TableGen.Observed, Gen.ULong, Gen.Int[0, int.MaxValue]).Sample((table, anywhere, at) =>
        {
            var near = table.Count == 0 ? anywhere : table.Addresses[at % table.Count];
            var end = table.Count == 0 ? 0 : table.End(at % table.Count);
            foreach (var address in new[] { anywhere, near, near + 1, unchecked(near - 1), end })
            {
                var expected = Enumerable.Range(0, table.Count)
                    .Where(row => address >= table.Addresses[row] && address - table.Addresses[row] < (ulong)table.Sizes[row])
                    .DefaultIfEmpty(-1)
                    .Single();
                Assert.Equal(expected, table.Find(address));
            }
        });

    [Fact]
    public void Build_RowsAdded_GivesThemBack()
    {
        var row = new Region
        {
            Address = 0x7000_0000_0000,
            Size = 1L << 40,
            AllocationBase = 0x6000_0000_0000,
            Category = RegionCategory.Stack,
            Protection = Protection.Read | Protection.Guard,
            Detail = 1,
            Committed = 1,
            Private = 2,
            PrivateWs = 3,
            ShareableWs = 4,
            SharedWs = 5,
            LockedWs = 6,
            Pss = 7,
            Swap = 8,
        };
        var builder = new RegionTableBuilder(0);
        builder.Add(row);
        var table = builder.Build(["", "detail"]);
        Assert.Equal(row, table[0]);
        Assert.Equal("detail", table.DetailText(0));
        Assert.Equal(
            [1L << 40, 1, 2, 3, 4, 5, 6, 7, 8, 7, (1L << 40) - 1],
            Enum.GetValues<RegionMetric>().Select(metric => table.Value(metric, 0)));
    }

    [Fact]
    public void Build_BuilderUsedAgain_LeavesTheFirstTableAlone()
    {
        var builder = new RegionTableBuilder(1);
        builder.Add(s_row);
        var first = builder.Build([""]);
        builder.Clear();
        builder.Add(s_row with { Address = 0x50000 });
        builder.Add(s_row with { Address = 0x60000 });
        Assert.Equal(2, builder.Build([""]).Count);
        Assert.Equal(s_row, first[0]);
    }

    [Fact]
    public void Column_DerivedMetric_IsRefused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => RegionTable.Empty.Column(RegionMetric.TotalWs).Length);

    public static TheoryData<string, Region> WrongRows => new()
    {
        { "whole pages", s_row with { Address = 0x10001 } },
        { "whole pages", s_row with { Size = 8191 } },
        { "whole pages", s_row with { Size = 0 } },
        { "whole pages", s_row with { Size = -4096 } },
        { "whole pages", s_row with { AllocationBase = 0x10 } },
        { "passes the end", s_row with { Address = 0xffff_ffff_ffff_f000 } },
        { "before its allocation", s_row with { AllocationBase = 0x11000 } },
        { "category", s_row with { Category = RegionCategory.Unspecified } },
        { "category", s_row with { Category = RegionCategory.PageTable } },
        { "category", s_row with { Category = (RegionCategory)11 } },
        { "protection", s_row with { Protection = (Protection)512 } },
        { "negative", s_row with { Swap = -1 } },
        { "negative", s_row with { Committed = long.MinValue } },
    };

    [Theory]
    [MemberData(nameof(WrongRows))]
    public void Add_RowAgainstTheRules_IsRefused(string message, Region row)
    {
        var error = Assert.Throws<ArgumentException>(() => new RegionTableBuilder().Add(row));
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0x11000)]
    [InlineData(0x10000)]
    [InlineData(0x8000)]
    public void Add_RowBeforeTheEndOfTheLast_IsRefused(ulong address)
    {
        var builder = new RegionTableBuilder();
        builder.Add(s_row);
        Assert.Throws<ArgumentException>(() => builder.Add(s_row with { Address = address, AllocationBase = 0 }));
        Assert.Equal(1, builder.Count);
        Assert.Equal(0x12000UL, builder.End);
    }

    [Fact]
    public void Add_AfterTheLastPageOfAll_IsRefused()
    {
        var builder = new RegionTableBuilder();
        builder.Add(s_row with { Address = 0xffff_ffff_ffff_e000 });
        Assert.Equal(0UL, builder.End);
        Assert.Throws<ArgumentException>(() => builder.Add(s_row));
    }

    [Theory]
    [InlineData(2)]
    [InlineData(-1)]
    public void Build_DetailOutsideTheTexts_IsRefused(int detail)
    {
        var builder = new RegionTableBuilder();
        builder.Add(s_row with { Detail = detail });
        Assert.Throws<ArgumentException>(() => builder.Build(["", "one"]));
    }
}
