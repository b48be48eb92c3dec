using CsCheck;
using WebVmMap.Core.Processes;
using WebVmMap.Core.Regions;
using WebVmMap.Core.Snapshots;
using WebVmMap.Core.Tests.Generators;

namespace WebVmMap.Core.Tests.Snapshots;

public sealed class SnapshotSummaryTests
{
    private static readonly RegionMetric[] s_metrics = Enum.GetValues<RegionMetric>();

    // Figures small enough that the sums of all rows stay within 64 bits.
    private static readonly Gen<Snapshot> s_snapshots = SnapshotGen.Of(TableGen.Plausible);

    [Fact]
    public void Total_AnySnapshot_IsTheSumOfTheRowsButFree() => s_snapshots.Sample(snapshot =>
    {
        var summary = snapshot.Summary;
        foreach (var metric in s_metrics)
        {
            Assert.Equal(summary.Rows.Where(row => row.Name != "Free").Sum(row => row.Value(metric)), summary.Total.Value(metric));
        }
        Assert.Equal(summary.Rows.Where(row => row.Name != "Free").Sum(row => row.Blocks), summary.Total.Blocks);
        Assert.Equal(summary.Rows.Where(row => row.Name != "Free").Max(row => row.Largest), summary.Total.Largest);
    });

    [Fact]
    public void Rows_AnySnapshot_AreTheSumsOfTheirRegions() => s_snapshots.Sample(snapshot =>
    {
        foreach (var category in RegionCategories.All.Where(c => c != RegionCategory.PageTable))
        {
            var all = Enumerable.Range(0, snapshot.Regions.Count).Select(row => snapshot.Regions[row]);
            var regions = all.Where(region => region.Category == category).ToArray();
            var row = snapshot.Summary[category];
            Assert.Equal(category.DisplayName(), row.Name);
            Assert.Equal(regions.Length, row.Blocks);
            Assert.Equal(regions.Select(r => r.Size).DefaultIfEmpty().Max(), row.Largest);
            Assert.Equal(regions.Sum(r => r.Size), row.Size);
            Assert.Equal(regions.Sum(r => r.Committed), row.Committed);
            Assert.Equal(regions.Sum(r => r.Private), row.Private);
            Assert.Equal(regions.Sum(r => r.TotalWs), row.TotalWs);
            Assert.Equal(regions.Sum(r => r.PrivateWs), row.PrivateWs);
            Assert.Equal(regions.Sum(r => r.ShareableWs), row.ShareableWs);
            Assert.Equal(regions.Sum(r => r.SharedWs), row.SharedWs);
            Assert.Equal(regions.Sum(r => r.LockedWs), row.LockedWs);
            Assert.Equal(regions.Sum(r => r.Pss), row.Pss);
            Assert.Equal(regions.Sum(r => r.Swap), row.Swap);
            Assert.Equal(regions.Sum(r => r.Reserved), row.Reserved);
        }
    });

    [Fact]
    public void Rows_AnySnapshot_KeepTheLawsOfTheColumns() => s_snapshots.Sample(snapshot =>
    {
        foreach (var row in snapshot.Summary.Rows.Append(snapshot.Summary.Total))
        {
            Assert.Equal(row.PrivateWs + row.ShareableWs, row.TotalWs);
            Assert.Equal(row.Size - row.Committed, row.Reserved);
            Assert.InRange(row.SharedWs, 0, row.ShareableWs);
        }
    });

    [Fact]
    public void Total_WithAPrivateCommitCounter_BalancesToIt() => s_snapshots.Sample(snapshot =>
    {
        var unaccounted = snapshot.Summary.Rows.SingleOrDefault(row => row.Name == "Unaccounted");
        if (snapshot.Counters.PrivateCommit is { } commit)
        {
            Assert.Equal(commit, snapshot.Summary.Total.Private);
        }
        else
        {
            Assert.Null(unaccounted);
        }
        Assert.NotEqual(0, unaccounted?.Private ?? 1);
    });

    [Theory]
    [InlineData(HostPlatform.Windows, 8192)]
    [InlineData(HostPlatform.Linux, 0)]
    public void Of_PageTableCounter_IsARowAndOnWindowsInThePrivateWorkingSet(HostPlatform platform, long privateWs)
    {
        var row = SnapshotSummary.Of(RegionTable.Empty, new ProcessCounters { PageTable = 8192 }, platform)[RegionCategory.PageTable];
        Assert.Equal(
            (8192, 8192, 8192, privateWs, 1, 8192),
            (row.Size, row.Committed, row.Private, row.PrivateWs, row.Blocks, row.Largest));
    }

    [Fact]
    public void Of_CounterBelowTheRegions_LeavesANegativeRest()
    {
        var builder = new RegionTableBuilder();
        builder.Add(new Region
        {
            Address = 0x10000,
            Size = 8192,
            AllocationBase = 0x10000,
            Category = RegionCategory.Heap,
            Committed = 8192,
            Private = 8192,
        });
        var summary = SnapshotSummary.Of(builder.Build([""]), new ProcessCounters { PrivateCommit = 4096 }, HostPlatform.Windows);
        Assert.Equal("Unaccounted", summary.Rows[^1].Name);
        Assert.Equal(-4096, summary.Rows[^1].Private);
        Assert.Equal(4096, summary.Total.Private);
    }
}
