using WebVmMap.Core.Diffs;
using WebVmMap.Core.Processes;
using WebVmMap.Core.Regions;
using WebVmMap.Core.Snapshots;

namespace WebVmMap.Core.Tests.Diffs;

/// <summary>Two moments of one address space: what programs do to their memory, and what it is called.</summary>
public sealed class AddressMatchingTests
{
    private const Protection Read = Protection.Read;
    private const Protection Open = Protection.Read | Protection.Write;
    private const long Page = 4096;

    [Fact]
    public void Between_HeapThatGrewOverItsReserve_IsTheHeapGrownAndTheReserveShrunk()
    {
        var diff = Between(
            new MadeSnapshot().Add(0x10_0000, RegionCategory.Heap, "arena", (10, Open), (90, Protection.None)),
            // More of the old reserve than of the old heap lies in the new heap: kinship has to count more than bytes.
            new MadeSnapshot().Add(0x10_0000, RegionCategory.Heap, "arena", (70, Open), (30, Protection.None)));
        Assert.Equal([(RegionChange.Grown, 60 * Page), (RegionChange.Shrunk, -60 * Page)], Sizes(diff));
        Assert.Equal(RegionChange.Grown, Assert.Single(diff.AllocationChanges.ToArray()));
        Assert.Equal((0, 60 * Page), (diff.AllocationDelta(RegionMetric.Size, 0), diff.AllocationDelta(RegionMetric.Private, 0)));
    }

    [Fact]
    public void Between_StackThatGrewDownwards_IsOneRegionGrown()
    {
        var diff = Between(
            new MadeSnapshot().Add(0x7fff_0000_0000, RegionCategory.Stack, "[stack]", (33, Open)),
            new MadeSnapshot().Add(0x7fff_0000_0000 - 100 * Page, RegionCategory.Stack, "[stack]", (133, Open)));
        Assert.Equal([(RegionChange.Grown, 100 * Page)], Sizes(diff));
        Assert.Equal(DiffAspects.Address, diff.Aspects[0] & DiffAspects.Address);
        Assert.Equal(0x7fff_0000_0000 - 100 * (ulong)Page, diff.Address(0));
    }

    [Fact]
    public void Between_RegionOfWhichAPartChangedProtection_AddsUpToNothing()
    {
        var diff = Between(
            new MadeSnapshot().Add(0x10_0000, RegionCategory.PrivateData, "", (100, Open)),
            new MadeSnapshot().Add(0x10_0000, RegionCategory.PrivateData, "", (80, Read), (20, Open)));
        Assert.Equal([(RegionChange.Added, 80 * Page), (RegionChange.Shrunk, -80 * Page)], Sizes(diff));
        Assert.Equal(DiffAspects.Part, diff.Aspects[0]);
        Assert.Equal(RegionChange.Changed, Assert.Single(diff.AllocationChanges.ToArray()));
        Assert.Equal(DiffAspects.Part, diff.AllocationAspects[0] & DiffAspects.Part);
        Assert.Equal(0, diff.AllocationDelta(RegionMetric.Size, 0));
    }

    [Fact]
    public void Between_TwoMappingsThatTheKernelJoined_AddUpToWhatWasAdded()
    {
        var diff = Between(
            new MadeSnapshot().Add(0x10_0000, RegionCategory.PrivateData, "", (10, Open)).Add(0x20_0000, RegionCategory.PrivateData, "", (20, Open)),
            new MadeSnapshot().Add(0x10_0000, RegionCategory.PrivateData, "", (256 + 20, Open)));
        // The joined mapping keeps the base of the first, and so counts as that one grown.
        Assert.Equal([(RegionChange.Grown, 266 * Page), (RegionChange.Removed, -20 * Page)], Sizes(diff).OrderByDescending(row => row.Delta));
        Assert.Equal(246 * Page, Sizes(diff).Sum(row => row.Delta));
        Assert.Contains(DiffAspects.Part, diff.Aspects.ToArray());
    }

    [Theory]
    [InlineData(RegionMetric.PrivateWs, DiffAspects.Residency)]
    [InlineData(RegionMetric.ShareableWs, DiffAspects.Residency)]
    [InlineData(RegionMetric.SharedWs, DiffAspects.Residency)]
    [InlineData(RegionMetric.LockedWs, DiffAspects.Residency)]
    [InlineData(RegionMetric.Pss, DiffAspects.Residency)]
    [InlineData(RegionMetric.Swap, DiffAspects.Residency)]
    [InlineData(RegionMetric.Private, DiffAspects.Private)]
    public void Between_FigureThatChangedAlone_IsChanged(RegionMetric metric, DiffAspects expected)
    {
        var before = Row(0);
        var diff = SnapshotDiff.Between(Take(before), Take(With(before, metric, 4096)), DiffMatching.Address).Regions;
        Assert.Equal((RegionChange.Changed, expected, 4096L), (diff.Changes[0], diff.Aspects[0], diff.Delta(metric, 0)));
    }

    [Fact]
    public void Between_CommittedThatGrewInAReserve_IsGrown()
    {
        var before = Row(0);
        var diff = SnapshotDiff.Between(Take(before), Take(before with { Committed = 8192 }), DiffMatching.Address).Regions;
        Assert.Equal((RegionChange.Grown, DiffAspects.Committed), (diff.Changes[0], diff.Aspects[0]));
    }

    [Fact]
    public void Between_CategoryThatWasFoundLater_MovesItsFigures()
    {
        var before = new MadeSnapshot().Add(0x10_0000, RegionCategory.PrivateData, "", (10, Open)).Take();
        var after = new MadeSnapshot().Add(0x10_0000, RegionCategory.Heap, "arena 0x100000", (10, Open)).Take();
        var diff = SnapshotDiff.Between(before, after, sameHost: true);
        Assert.Equal(RegionChange.Changed, Assert.Single(diff.Regions.Changes.ToArray()));
        Assert.Equal(DiffAspects.Category | DiffAspects.Details, diff.Regions.Aspects[0]);
        Assert.Equal(10 * Page, diff.Summary.Rows[(int)RegionCategory.Heap - 1].Delta(RegionMetric.Size));
        Assert.Equal(-10 * Page, diff.Summary.Rows[(int)RegionCategory.PrivateData - 1].Delta(RegionMetric.Size));
        Assert.Equal(0, diff.Summary.Total.Delta(RegionMetric.Size));
    }

    [Fact]
    public void Between_RegionInPlaceOfAnotherThatWentAway_IsOneChangeAndWhatWasFreeIsAdded()
    {
        var diff = Between(
            new MadeSnapshot().Add(0x10_0000, RegionCategory.MappedFile, "/a", (10, Read)),
            new MadeSnapshot().Add(0x20_0000, RegionCategory.MappedFile, "/a", (10, Read)));
        Assert.Equal([(RegionChange.Removed, -10 * Page), (RegionChange.Added, 10 * Page)], Sizes(diff));
        Assert.All(diff.Aspects.ToArray(), aspects => Assert.Equal(DiffAspects.None, aspects));
    }

    [Fact]
    public void MatchingOf_SameProcess_IsByAddressUntilItReplacesItsProgram()
    {
        var before = new MadeSnapshot().Add(0x5555_0000_0000, RegionCategory.Image, "/bin/sh", (10, Read)).Take();
        var later = new MadeSnapshot().Add(0x5555_0000_0000, RegionCategory.Image, "/bin/sh", (12, Read)).Take();
        var executed = new MadeSnapshot().Add(0x5666_0000_0000, RegionCategory.Image, "/bin/sh", (10, Read)).Take();
        var restarted = new MadeSnapshot { Key = new ProcessKey(4711, 2) }.Add(0x5555_0000_0000, RegionCategory.Image, "/bin/sh", (10, Read)).Take();
        Assert.Equal(DiffMatching.Address, SnapshotDiff.MatchingOf(before, later, sameHost: true));
        Assert.Equal(DiffMatching.Identity, SnapshotDiff.MatchingOf(before, later, sameHost: false));
        Assert.Equal(DiffMatching.Identity, SnapshotDiff.MatchingOf(before, executed, sameHost: true));
        Assert.Equal(DiffMatching.Identity, SnapshotDiff.MatchingOf(before, restarted, sameHost: true));
    }

    [Fact]
    public void Between_TwoPlatforms_IsRefusedWithOneSentence()
    {
        var linux = new MadeSnapshot().Take();
        var windows = new MadeSnapshot { Platform = HostPlatform.Windows }.Take();
        Assert.Contains("cannot be compared", Assert.Throws<ArgumentException>(() => SnapshotDiff.Between(linux, windows, sameHost: false)).Message, StringComparison.Ordinal);
        Assert.Null(SnapshotDiff.Refusal(linux, linux));
    }

    private static RegionDiff Between(MadeSnapshot before, MadeSnapshot after) =>
        SnapshotDiff.Between(before.Take(), after.Take(), sameHost: true).Regions;

    private static IEnumerable<(RegionChange Change, long Delta)> Sizes(RegionDiff diff) =>
        Enumerable.Range(0, diff.Count).Select(row => (diff.Changes[row], diff.Delta(RegionMetric.Size, row)));

    private static Region Row(int detail) => new()
    {
        Address = 0x10_0000,
        Size = 16 * Page,
        AllocationBase = 0x10_0000,
        Category = RegionCategory.PrivateData,
        Protection = Open,
        Detail = detail,
    };

    private static Region With(Region region, RegionMetric metric, long bytes) => metric switch
    {
        RegionMetric.Private => region with { Private = bytes },
        RegionMetric.PrivateWs => region with { PrivateWs = bytes },
        RegionMetric.ShareableWs => region with { ShareableWs = bytes },
        RegionMetric.SharedWs => region with { SharedWs = bytes },
        RegionMetric.LockedWs => region with { LockedWs = bytes },
        RegionMetric.Pss => region with { Pss = bytes },
        _ => region with { Swap = bytes },
    };

    private static Snapshot Take(Region region)
    {
        var builder = new RegionTableBuilder();
        builder.Add(region);
        return new Snapshot(builder.Build([""]), new MadeSnapshot().Take().Bounds)
        {
            Platform = HostPlatform.Linux,
            Process = new ProcessInfo { Key = new ProcessKey(1, 1), Name = "made" },
            TakenAt = DateTimeOffset.UnixEpoch,
        };
    }
}
