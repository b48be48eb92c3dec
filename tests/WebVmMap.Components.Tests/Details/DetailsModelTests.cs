using System.Collections.Frozen;
using CsCheck;
using WebVmMap.Components.Tests.Fakes;
using WebVmMap.Core.Processes;
using WebVmMap.Core.Regions;
using WebVmMap.Core.Snapshots;
using WebVmMap.Hub.Components.Details;
using WebVmMap.Hub.Components.Grid;
using WebVmMap.Hub.Components.Views;

namespace WebVmMap.Components.Tests.Details;

public sealed class DetailsModelTests
{
    private static readonly Gen<Snapshot> s_snapshots =
        Gen.Select(Gen.Int[0, 60], Gen.Int[1, 5], Gen.Int[0, 1_000_000]).Select((count, perAllocation, seed) => Build(count, perAllocation, seed));

    private static readonly string[] s_filters = ["", "lib", ">8KiB", "prot:rw", "cat:heap,image", "-lib", "ws>0"];

    private static readonly Gen<DetailsSort> s_sorts =
        Gen.Select(Gen.Enum<DetailsColumn>(), Gen.Bool).Select((column, descending) => new DetailsSort(column, descending));

    [Fact]
    public void Build_AnyFilterAndCategory_TotalsEqualASumOverEveryRegion() =>
        Gen.Select(s_snapshots, Gen.Int[0, s_filters.Length - 1].Select(i => s_filters[i]), Gen.Int[0, 10], Gen.Bool)
            .Sample((snapshot, filter, categoryValue, showFree) =>
            {
                var category = categoryValue == 0 ? null : (RegionCategory?)categoryValue;
                var model = DetailsModel.Build(snapshot, new(filter, category, DetailsSort.Default, showFree));
                var parsed = RegionFilter.Parse(filter);
                var rows = Enumerable.Range(0, snapshot.Regions.Count)
                    .Where(row => category is null ? showFree || snapshot.Regions.Categories[row] != RegionCategory.Free : snapshot.Regions.Categories[row] == category)
                    .Where(row => parsed.Matches(snapshot.Regions, row, snapshot.Platform))
                    .ToList();
                var expected = new DetailsTotals(
                    rows.Select(snapshot.Allocations.OfRegion).Distinct().Count(),
                    rows.Count,
                    rows.Sum(row => snapshot.Regions[row].Size),
                    rows.Sum(row => snapshot.Regions[row].Committed),
                    rows.Sum(row => snapshot.Regions[row].Private),
                    rows.Sum(row => snapshot.Regions[row].TotalWs));
                Assert.Equal(expected, model.Totals);
                Assert.Equal(expected.Allocations, model.Allocations.Count);
                Assert.All(rows, row => Assert.True(model.Matches(row)));
            });

    [Fact]
    public void Rows_Held_KeepTheOrderOfWhatIsStillThereAndShowTheSameRows() =>
        Gen.Select(s_snapshots, s_snapshots, s_sorts).Sample((before, after, sort) =>
        {
            var query = new DetailsQuery("", null, sort, true);
            var shown = Open(before, query, null);
            var sorted = Open(after, query, null);
            var held = Open(after, query, new HeldOrder<ulong>(shown.Keys));
            Assert.Equal(sorted.Keys.Order(), held.Keys.Order());
            Assert.Equal(!sorted.Keys.SequenceEqual(held.Keys), held.IsHeld);
            var allocations = held.Where(r => !r.IsRegion).Select(held.Model.Key).ToList();
            var old = shown.Where(r => !r.IsRegion).Select(shown.Model.Key).ToList();
            Assert.Equal(old.Where(allocations.Contains), allocations.Take(old.Count(allocations.Contains)));

            static DetailsRows Open(Snapshot snapshot, DetailsQuery query, HeldOrder<ulong>? held)
            {
                var model = DetailsModel.Build(snapshot, query);
                return model.Rows(model.Expandable().ToHashSet(), held);
            }
        });

    [Fact]
    public void Build_AnySort_IsOrderedByTheColumnAndThenByAddress() =>
        Gen.Select(s_snapshots, s_sorts).Sample((snapshot, sort) =>
        {
            var shown = DetailsModel.Build(snapshot, new("", null, sort, true)).Allocations;
            Assert.Equal(Enumerable.Range(0, snapshot.Allocations.Count), shown.Order());
            for (var i = 1; i < shown.Count; i++)
            {
                var order = Compare(snapshot, sort.Column, shown[i - 1], shown[i]);
                Assert.True(sort.Descending ? order >= 0 : order <= 0, $"{sort}: row {i} stands wrong.");
                Assert.True(order != 0 || sort.Column == DetailsColumn.Address || shown[i - 1] < shown[i], $"{sort}: equal rows are not in address order.");
            }
        });

    [Fact]
    public void Rows_AllOpen_ShowEveryMatchingRegionOnceUnderItsAllocation() =>
        Gen.Select(s_snapshots, s_sorts).Sample((snapshot, sort) =>
        {
            var model = DetailsModel.Build(snapshot, new("-lib", null, sort, false));
            var rows = model.Rows(model.Expandable().ToFrozenSet());
            var current = -1;
            var regions = new List<int>();
            for (var i = 0; i < rows.Count; i++)
            {
                if (!rows[i].IsRegion)
                {
                    current = rows[i].Allocation;
                    Assert.Equal(i, rows.IndexOfAllocation(current));
                    continue;
                }
                Assert.Equal(current, rows[i].Allocation);
                Assert.Equal(i, rows.IndexOfRegion(rows[i].Region));
                regions.Add(rows[i].Region);
            }
            var expected = Enumerable.Range(0, snapshot.Regions.Count)
                .Where(row => model.Matches(row) && snapshot.Allocations.Blocks(snapshot.Allocations.OfRegion(row)) > 1);
            Assert.Equal(expected, regions.Order());
        });

    [Fact]
    public void IndexOfRegion_AllocationClosed_IsThatOfTheAllocation()
    {
        var snapshot = Samples.Small();
        var model = DetailsModel.Build(snapshot, new("", null, DetailsSort.Default, false));
        var rows = model.Rows(FrozenSet<ulong>.Empty);
        var image = snapshot.Regions.Find(0xc00000);
        Assert.Equal(rows.IndexOfAllocation(snapshot.Allocations.OfRegion(image)), rows.IndexOfRegion(image));
        Assert.True(rows.IndexOfRegion(image) >= 0);
    }

    [Fact]
    public void Selected_RegionAndItsAllocation_CountsOnce()
    {
        var snapshot = Samples.Small();
        var selected = SelectedRegions.Of(snapshot, SelectionTokens.Of(["r:0xc00000", "a:0x400000", "g:Image|/usr/bin/node"]));
        var image = snapshot.Summary[RegionCategory.Image];
        Assert.Equal(new DetailsTotals(1, 3, image.Size, image.Committed, image.Private, image.TotalWs), selected.Totals);
    }

    [Fact]
    public void Selected_AddressThatIsNoMore_SelectsNothing() =>
        Assert.Equal(default, SelectedRegions.Of(Samples.Small(), SelectionTokens.Of("r:0xffffffffff600000")).Totals);

    [Fact]
    public void Build_OneHundredThousandRegions_AllocatesLittleForEach()
    {
        var snapshot = Samples.Large(100_000);
        var first = new DetailsQuery("lib", null, DetailsSort.Default, false);
        DetailsModel.Build(snapshot, first);
        var before = GC.GetAllocatedBytesForCurrentThread();
        var model = DetailsModel.Build(snapshot, first with { Filter = "file1 >8KiB" });
        var rows = model.Rows(model.Expandable().ToFrozenSet());
        var perRegion = (GC.GetAllocatedBytesForCurrentThread() - before) / (double)snapshot.Regions.Count;
        Assert.NotEmpty(rows);
        // It is made anew for every viewer at every sample: an index here and there, never an object for each region.
        Assert.InRange(perRegion, 0, 48);
    }

    private static int Compare(Snapshot snapshot, DetailsColumn column, int a, int b)
    {
        var table = snapshot.Allocations;
        return column switch
        {
            DetailsColumn.Address => table.Address(a).CompareTo(table.Address(b)),
            DetailsColumn.Type => table.Category(a).CompareTo(table.Category(b)),
            DetailsColumn.Blocks => table.Blocks(a).CompareTo(table.Blocks(b)),
            DetailsColumn.Protection => ((int)table.Protections[a]).CompareTo((int)table.Protections[b]),
            DetailsColumn.Details => string.Compare(table.DetailText(a), table.DetailText(b), StringComparison.OrdinalIgnoreCase),
            _ => table.Value((RegionMetric)column, a).CompareTo(table.Value((RegionMetric)column, b)),
        };
    }

    private static Snapshot Build(int count, int perAllocation, int seed)
    {
        var random = new Random(seed);
        var texts = new StringTable();
        var table = new RegionTableBuilder();
        ulong address = 0x10000;
        ulong allocation = address;
        var category = RegionCategory.Image;
        for (var row = 0; row < count; row++)
        {
            if (row % perAllocation == 0)
            {
                address += (ulong)random.Next(3) * 0x1000;
                allocation = address;
                category = (RegionCategory)random.Next(1, 8);
            }
            var pages = random.Next(1, 6);
            var committed = random.Next(pages + 1);
            var resident = random.Next(committed + 1);
            table.Add(new Region
            {
                Address = address,
                Size = pages * 4096L,
                AllocationBase = allocation,
                Category = category,
                Protection = (Protection)random.Next(8),
                Detail = texts.Intern(random.Next(3) == 0 ? "" : $"lib{random.Next(4)}"),
                Committed = committed * 4096L,
                Private = resident * 4096L,
                PrivateWs = resident * 4096L,
                ShareableWs = (committed - resident) * 4096L,
            });
            address += (ulong)pages * 4096;
        }
        return new Snapshot(table.Build(texts.Seal()), new AddressSpaceBounds(0x10000, 0x100000000, 4096))
        {
            Platform = HostPlatform.Linux,
            Process = Samples.Node,
            TakenAt = Samples.Noon,
        };
    }
}
