using CsCheck;
using WebVmMap.Core.Diffs;
using WebVmMap.Core.Regions;
using WebVmMap.Core.Tests.Generators;

namespace WebVmMap.Core.Tests.Diffs;

/// <summary>What holds for every diff, whatever was compared and however it was matched.</summary>
public sealed class DiffPropertyTests
{
    private static readonly RegionMetric[] s_metrics = Enum.GetValues<RegionMetric>();

    [Fact]
    public void Between_AnyPair_HoldsEveryRegionInUseOnce() => DiffGen.Any.Sample(diff =>
    {
        Assert.Equal(RowsInUse(diff.Before.Regions), diff.Regions.BeforeRows.ToArray().Where(row => row >= 0).Order().ToArray());
        Assert.Equal(RowsInUse(diff.After.Regions), diff.Regions.AfterRows.ToArray().Where(row => row >= 0).ToArray());
    });

    [Fact]
    public void Apply_ToTheOlder_GivesTheNewer() => DiffGen.Any.Sample(diff =>
        Same.Tables(InUse(diff.After.Regions), diff.Regions.Apply(diff.Before.Regions)));

    [Fact]
    public void Delta_SummedByCategory_IsTheSummarysDelta() => DiffGen.Any.Sample(diff =>
    {
        foreach (var metric in s_metrics)
        {
            var sums = new long[RegionCategories.Length];
            for (var row = 0; row < diff.Regions.Count; row++)
            {
                // A region whose category changed leaves one sum and enters another.
                if (diff.Regions.BeforeRows[row] is var before and >= 0)
                {
                    sums[(int)diff.Before.Regions.Categories[before]] -= diff.Regions.ValueBefore(metric, row);
                }
                if (diff.Regions.AfterRows[row] is var after and >= 0)
                {
                    sums[(int)diff.After.Regions.Categories[after]] += diff.Regions.ValueAfter(metric, row);
                }
            }
            foreach (var category in RegionCategories.All.Where(c => !c.IsGap() && c != RegionCategory.PageTable))
            {
                Assert.Equal(sums[(int)category], diff.Summary.Rows[(int)category - 1].Delta(metric));
            }
            Assert.Equal(
                Enumerable.Range(0, diff.Regions.AllocationCount).Aggregate(0L, (sum, a) => sum + diff.Regions.AllocationDelta(metric, a)),
                Enumerable.Range(0, diff.Regions.Count).Aggregate(0L, (sum, row) => sum + diff.Regions.Delta(metric, row)));
        }
    });

    [Fact]
    public void Rows_OfTheSummary_SumToTheTotal() => DiffGen.Any.Sample(diff =>
    {
        foreach (var metric in s_metrics)
        {
            Assert.Equal(
                diff.Summary.Total.Delta(metric),
                diff.Summary.Rows.Where(row => row.Name != "Free").Aggregate(0L, (sum, row) => sum + row.Delta(metric)));
        }
    });

    [Fact]
    public void Between_ASnapshotAndItself_IsEmpty() => Gen.Select(SnapshotGen.Any, DiffGen.Matchings).Sample((snapshot, matching) =>
    {
        var diff = SnapshotDiff.Between(snapshot, snapshot, matching);
        Assert.Equal(0, diff.Regions.ChangedCount);
        Assert.All(diff.Regions.Changes.ToArray(), change => Assert.Equal(RegionChange.Same, change));
        Assert.All(diff.Regions.AllocationChanges.ToArray(), change => Assert.Equal(RegionChange.Same, change));
        Assert.All(diff.Summary.Rows, row => Assert.Equal((0L, 0, 0L), (row.Delta(RegionMetric.Size), row.DeltaBlocks, row.DeltaLargest)));
    });

    [Fact]
    public void Between_TheOtherWayAround_IsTheMirrorImage() => Gen.Select(DiffGen.Pairs, DiffGen.Matchings).Sample((pair, matching) =>
    {
        var forward = SnapshotDiff.Between(pair.Before, pair.After, matching).Regions;
        var back = SnapshotDiff.Between(pair.After, pair.Before, matching).Regions;
        Assert.Equal(
            Rows(forward).Order(),
            Rows(back).Select(row => (row.After, row.Before, Mirrored(row.Change), row.Aspects)).Order());
    });

    [Fact]
    public void Changes_OfEveryRow_AreWhatTheFiguresSay() => DiffGen.Any.Sample(diff =>
    {
        for (var row = 0; row < diff.Regions.Count; row++)
        {
            var (change, aspects) = (diff.Regions.Changes[row], diff.Regions.Aspects[row]);
            var (size, committed) = (diff.Regions.Delta(RegionMetric.Size, row), diff.Regions.Delta(RegionMetric.Committed, row));
            var expected = diff.Regions.BeforeRows[row] < 0 ? RegionChange.Added
                : diff.Regions.AfterRows[row] < 0 ? RegionChange.Removed
                : size > 0 || (size == 0 && committed > 0) ? RegionChange.Grown
                : size < 0 || committed < 0 ? RegionChange.Shrunk
                : aspects != DiffAspects.None ? RegionChange.Changed
                : RegionChange.Same;
            Assert.Equal(expected, change);
            Assert.All(s_metrics, metric => Assert.True(change != RegionChange.Same || diff.Regions.Delta(metric, row) == 0));
        }
    });

    [Fact]
    public void FirstRegion_OfEveryAllocation_GroupsRegionsThatBelongTogether() => DiffGen.Any.Sample(diff =>
    {
        for (var allocation = 0; allocation < diff.Regions.AllocationCount; allocation++)
        {
            var rows = Enumerable.Range(diff.Regions.FirstRegion[allocation], diff.Regions.FirstRegion[allocation + 1] - diff.Regions.FirstRegion[allocation]).ToArray();
            Assert.NotEmpty(rows);
            Assert.All(rows, row => Assert.Equal(allocation, diff.Regions.AllocationOf(row)));
            Assert.True(rows.Where(row => diff.Regions.BeforeRows[row] >= 0).Select(row => diff.Before.Allocations.OfRegion(diff.Regions.BeforeRows[row])).Distinct().Count() <= 1);
            Assert.True(rows.Where(row => diff.Regions.AfterRows[row] >= 0).Select(row => diff.After.Allocations.OfRegion(diff.Regions.AfterRows[row])).Distinct().Count() <= 1);
        }
    });

    private static IEnumerable<(int Before, int After, RegionChange Change, DiffAspects Aspects)> Rows(RegionDiff diff) =>
        Enumerable.Range(0, diff.Count).Select(row => (diff.BeforeRows[row], diff.AfterRows[row], diff.Changes[row], diff.Aspects[row]));

    private static RegionChange Mirrored(RegionChange change) => change switch
    {
        RegionChange.Added => RegionChange.Removed,
        RegionChange.Removed => RegionChange.Added,
        RegionChange.Grown => RegionChange.Shrunk,
        RegionChange.Shrunk => RegionChange.Grown,
        _ => change,
    };

    private static int[] RowsInUse(RegionTable table) => [.. Enumerable.Range(0, table.Count).Where(row => !table.Categories[row].IsGap())];

    private static RegionTable InUse(RegionTable table)
    {
        var builder = new RegionTableBuilder();
        foreach (var row in RowsInUse(table))
        {
            builder.Add(table[row]);
        }
        return builder.Build(table.Strings);
    }
}
