using System.Collections.Frozen;
using CsCheck;
using WebVmMap.Components.Tests.Fakes;
using WebVmMap.Core.Diffs;
using WebVmMap.Core.Regions;
using WebVmMap.Hub.Components.Compare;
using WebVmMap.Hub.Components.Views;

namespace WebVmMap.Components.Tests.Compare;

public sealed class ChangeModelTests
{
    private static readonly ChangeQuery s_all = new(RegionMetric.Committed, "", null, 0, false, DiffSort.Default);

    [Fact]
    public void Build_AnyCategory_SumsToTheDeltaOfTheSummary() =>
        Gen.Select(DiffSamples.Diffs, Gen.Int[0, 7], Gen.Enum<RegionMetric>(), Gen.Bool).Sample((diff, number, metric, showSame) =>
        {
            var category = number == 0 ? null : (RegionCategory?)number;
            var model = ChangeModel.Build(diff, s_all with { Category = category, Metric = metric, ShowSame = showSame });
            // The summary counts categories one by one in each snapshot; it knows nothing of rows that were matched.
            var expected = category is { } one
                ? diff.Summary.Rows.FirstOrDefault(row => row.Name == one.DisplayName())?.Delta(metric) ?? 0
                : diff.Summary.Rows.Where(row => RegionCategories.TryParse(row.Name, out var known) && known < RegionCategory.PageTable).Sum(row => row.Delta(metric));
            Assert.Equal(expected, model.Totals.Delta);
            Assert.Equal(model.Totals.Delta, model.Totals.Growth - model.Totals.Shrinkage);
        });

    [Fact]
    public void Build_AnyQuery_CountsWhatItListsWithAllOpen() =>
        Gen.Select(DiffSamples.Diffs, Gen.Enum<DiffColumn>(), Gen.Bool, Gen.Int[0, 3]).Sample((diff, column, descending, pages) =>
        {
            var model = ChangeModel.Build(diff, s_all with { Sort = new(column, descending), Threshold = pages * 4096, Filter = pages == 1 ? "file1" : "" });
            var rows = model.Rows(model.Allocations.ToFrozenSet());
            var regions = rows.SelectMany(row => row.IsRegion ? [row.Region] : model.CanOpen(row.Allocation) ? Array.Empty<int>() : [diff.Regions.FirstRegion[row.Allocation]]).ToList();
            Assert.Equal(model.Totals.Regions, regions.Count);
            Assert.Equal(model.Totals.Allocations, rows.Count(row => !row.IsRegion));
            Assert.All(regions, region => Assert.NotEqual(RegionChange.Same, diff.Regions.Changes[region]));
            Assert.All(rows.Index(), entry => Assert.Equal(entry.Index, entry.Item.IsRegion ? rows.IndexOfRegion(entry.Item.Region) : rows.IndexOfAllocation(entry.Item.Allocation)));
        });

    [Fact]
    public void Build_ByLargestChange_PutsGrowthAndShrinkageByTheirSize()
    {
        var model = ChangeModel.Build(DiffSamples.Leak, s_all);
        var rows = model.Rows(FrozenSet<int>.Empty);
        Assert.Equal(
            ["thread 24800 worker", "[heap]", "/var/cache/old.db", "/usr/bin/node"],
            rows.Select(row => DiffSamples.Leak.Regions.DetailText(DiffSamples.Leak.Regions.FirstRegion[row.Allocation])));
        Assert.Equal([8L << 20, 6L << 20, -(1L << 20), 0], rows.Select(row => model.Delta(RegionMetric.Committed, row)));
        Assert.Equal(new ChangeTotals(4, 5, 13L << 20, 26L << 20, 14L << 20, 1L << 20), model.Totals);
    }

    [Fact]
    public void Build_ByShrinkage_PutsWhatIsGoneFirst()
    {
        var model = ChangeModel.Build(DiffSamples.Leak, s_all with { Sort = DiffSort.Shrinkage });
        Assert.Equal(-(1L << 20), model.Delta(RegionMetric.Committed, model.Rows(FrozenSet<int>.Empty)[0]));
    }

    [Fact]
    public void Build_Threshold_HidesSmallerChangesButNotTheirParts()
    {
        var model = ChangeModel.Build(DiffSamples.Leak, s_all with { Threshold = 2 << 20 });
        Assert.Equal(2, model.Totals.Allocations);
        // The new stack's guard has nothing committed, and belongs to what is large enough.
        Assert.Equal(3, model.Totals.Regions);
    }

    [Fact]
    public void Tokens_OfAnyRow_LeadBackToIt() =>
        DiffSamples.Diffs.Sample(diff =>
        {
            var lookup = DiffLookup.Of(diff.Regions);
            for (var row = 0; row < diff.Regions.Count; row++)
            {
                Assert.Equal(row, lookup.Find(lookup.RegionToken(row), out var isAllocation));
                Assert.False(isAllocation);
                var allocation = diff.Regions.AllocationOf(row);
                Assert.Equal(allocation, diff.Regions.AllocationOf(lookup.Find(lookup.AllocationToken(allocation), out isAllocation)));
                Assert.True(isAllocation);
                Assert.False(SelectionTokens.Of(lookup.RegionToken(row)).IsEmpty);
                Assert.False(SelectionTokens.Of(lookup.AllocationToken(allocation)).IsEmpty);
            }
        });

    [Fact]
    public void Selected_EveryAllocation_SumsToEverything() =>
        DiffSamples.Diffs.Where(diff => diff.Regions.AllocationCount <= SelectionTokens.MaxTokens).Sample(diff =>
        {
            var lookup = DiffLookup.Of(diff.Regions);
            var tokens = SelectionTokens.Of(Enumerable.Range(0, diff.Regions.AllocationCount).Select(lookup.AllocationToken));
            var all = ChangeModel.Build(diff, s_all with { ShowSame = true });
            Assert.Equal(all.Totals, SelectedChanges.Of(diff, tokens, all.Query).Totals);
        });

    [Fact]
    public void SideUrl_OfASelection_NamesItAsEachSnapshotDoes()
    {
        var diff = DiffSamples.Leak;
        var state = DiffState.Default with
        {
            Metric = RegionMetric.Private,
            Selection = SelectionTokens.Of(["p:0x7f0000000000", "a:0x2000000", "r:0x7f1000001000"]),
        };
        var before = ViewStateUrl.Parse(SideUrl.Of("x", DiffSide.Before, diff, state).Split('?')[1], ViewState.Default);
        var after = ViewStateUrl.Parse(SideUrl.Of("x", DiffSide.After, diff, state).Split('?')[1], ViewState.Default);
        Assert.Equal(["a:0x7f0000000000", "a:0x2000000"], before.Selection.Tokens);
        Assert.Equal(["a:0x2000000", "r:0x7f1000001000"], after.Selection.Tokens);
        Assert.Equal(RegionMetric.Private, after.Area);
    }

    [Fact]
    public void Url_OfAnyState_IsReadBack() =>
        Gen.Select(Gen.Enum<RegionMetric>(), Gen.Enum<DiffSide>(), Gen.Enum<DiffColumn>(), Gen.Bool, Gen.String[Gen.Char.AlphaNumeric, 0, 20], Gen.Int[0, 7]).Sample((metric, side, column, flag, text, number) =>
        {
            var state = DiffState.Default with
            {
                Metric = metric,
                Side = side,
                View = flag ? PictureView.AddressMap : PictureView.Treemap,
                Sort = new(column, flag),
                ShowSame = flag,
                OnlyChanges = flag,
                Filter = text,
                Zoom = text,
                Threshold = number * 4096,
                Category = number == 0 ? null : (RegionCategory)number,
                Selection = flag ? SelectionTokens.Of(["p:0x1000", "o:0x2000"]) : SelectionTokens.None,
            };
            Assert.Equal(state, DiffStateUrl.Parse(DiffStateUrl.Format(state)));
        });
}
