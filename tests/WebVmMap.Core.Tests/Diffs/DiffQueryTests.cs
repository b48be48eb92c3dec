using CsCheck;
using WebVmMap.Core.Diffs;
using WebVmMap.Core.Regions;
using WebVmMap.Core.Tests.Generators;

namespace WebVmMap.Core.Tests.Diffs;

public sealed class DiffQueryTests
{
    private const Protection Open = Protection.Read | Protection.Write;

    private static readonly SnapshotDiff s_diff = SnapshotDiff.Between(
        new MadeSnapshot()
            .Add(0x10_0000, RegionCategory.Heap, "a", (10, Open))
            .Add(0x20_0000, RegionCategory.Heap, "b", (10, Open))
            .Add(0x30_0000, RegionCategory.Stack, "c", (10, Open))
            .Add(0x40_0000, RegionCategory.Stack, "d", (10, Open)).Take(),
        new MadeSnapshot()
            .Add(0x10_0000, RegionCategory.Heap, "a", (11, Open))
            .Add(0x20_0000, RegionCategory.Heap, "b", (13, Open))
            .Add(0x30_0000, RegionCategory.Stack, "c", (5, Open))
            .Add(0x40_0000, RegionCategory.Stack, "d", (10, Protection.Read)).Take(),
        sameHost: true);

    [Theory]
    [InlineData(DiffOrder.Growth, 0, "b a d c")]
    [InlineData(DiffOrder.Shrinkage, 0, "c d a b")]
    [InlineData(DiffOrder.Magnitude, 0, "c b a d")]
    [InlineData(DiffOrder.Place, 0, "a b c d")]
    [InlineData(DiffOrder.Place, 1, "a b c")]
    [InlineData(DiffOrder.Place, 3 * 4096, "b c")]
    [InlineData(DiffOrder.Place, 3 * 4096 + 1, "c")]
    [InlineData(DiffOrder.Place, long.MaxValue, "")]
    public void Regions_ByOrderAndThreshold_AreListedSo(DiffOrder order, long minDelta, string expected)
    {
        var query = new DiffQuery { Order = order, MinDelta = minDelta };
        Assert.Equal(expected, string.Join(' ', query.Regions(s_diff).Select(s_diff.Regions.DetailText)));
        Assert.Equal(query.Regions(s_diff), query.Allocations(s_diff));
    }

    [Fact]
    public void Regions_ByCategoryChangeFilterAndMetric_AreThoseThatMatch()
    {
        Assert.Equal("c d", Listed(new() { Category = RegionCategory.Stack, Order = DiffOrder.Place }));
        Assert.Equal("b a", Listed(new() { Change = RegionChange.Grown }));
        Assert.Equal("d", Listed(new() { Filter = RegionFilter.Parse("d"), Order = DiffOrder.Place }));
        Assert.Equal("a b c", Listed(new() { Metric = RegionMetric.Committed, MinDelta = 1, Order = DiffOrder.Place }));
        Assert.Equal("", Listed(new() { Metric = RegionMetric.Swap, MinDelta = 1 }));
    }

    [Fact]
    public void Regions_WithNothingSet_AreAllThatChanged() => DiffGen.Any.Sample(diff =>
    {
        Assert.Equal(diff.Regions.ChangedCount, new DiffQuery().Regions(diff).Length);
        Assert.Equal(
            Enumerable.Range(0, diff.Regions.Count).Where(row => diff.Regions.Changes[row] != RegionChange.Same),
            new DiffQuery { Order = DiffOrder.Place }.Regions(diff));
    });

    private static string Listed(DiffQuery query) => string.Join(' ', query.Regions(s_diff).Select(s_diff.Regions.DetailText));
}
