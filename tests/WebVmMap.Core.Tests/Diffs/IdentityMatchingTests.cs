using WebVmMap.Core.Diffs;
using WebVmMap.Core.Processes;
using WebVmMap.Core.Regions;

namespace WebVmMap.Core.Tests.Diffs;

/// <summary>Two runs of a program, or one on two hosts: nothing lies where it lay.</summary>
public sealed class IdentityMatchingTests
{
    private const Protection Read = Protection.Read;
    private const Protection Code = Protection.Read | Protection.Execute;
    private const Protection Open = Protection.Read | Protection.Write;
    private const long Page = 4096;

    [Fact]
    public void Between_TwoRunsOfAProgram_MatchesFilesHeapsThreadsAndOrder()
    {
        var diff = Between(
            new MadeSnapshot()
                .Add(0x5555_0000_0000, RegionCategory.Image, "/usr/bin/app", (2, Read), (9, Code), (1, Open))
                .Add(0x5555_8000_0000, RegionCategory.Heap, "[heap]", (33, Open))
                .Add(0x7000_0000_0000, RegionCategory.Heap, "arena 0x700000000030", (8, Open), (8, Protection.None))
                .Add(0x7100_0000_0000, RegionCategory.Stack, "Thread 11 (worker)", (1, Protection.None), (64, Open))
                .Add(0x7200_0000_0000, RegionCategory.PrivateData, "", (5, Open))
                .Add(0x7300_0000_0000, RegionCategory.PrivateData, "", (7, Open)),
            new MadeSnapshot { Key = new ProcessKey(99, 9) }
                .Add(0x5666_0000_0000, RegionCategory.Image, "/usr/bin/app", (2, Read), (9, Code), (1, Open))
                .Add(0x5666_8000_0000, RegionCategory.Heap, "[heap]", (66, Open))
                .Add(0x6000_0000_0000, RegionCategory.Heap, "arena 0x600000000030", (8, Open), (8, Protection.None))
                .Add(0x6100_0000_0000, RegionCategory.Stack, "Thread 22 (worker)", (1, Protection.None), (64, Open))
                .Add(0x6200_0000_0000, RegionCategory.PrivateData, "", (3, Open))
                .Add(0x6300_0000_0000, RegionCategory.PrivateData, "", (5, Open))
                .Add(0x6400_0000_0000, RegionCategory.PrivateData, "", (7, Open)));
        Assert.Equal(DiffMatching.Identity, diff.Matching);
        // The heap grew and a small mapping is new; that came first, and still the two others are found by their size.
        Assert.Equal(
            [(RegionChange.Grown, 0x5666_8000_0000UL, 33 * Page), (RegionChange.Added, 0x6200_0000_0000UL, 3 * Page)],
            Changed(diff));
    }

    [Fact]
    public void Between_AnotherVersionOfALibrary_IsTheSameAllocationWithOtherDetails()
    {
        var diff = Between(
            new MadeSnapshot().Add(0x7000_0000_0000, RegionCategory.Image, "/usr/lib/libssl.so.1.1", (20, Read), (80, Code), (4, Open)),
            new MadeSnapshot { Key = new ProcessKey(99, 9) }
                .Add(0x6000_0000_0000, RegionCategory.Image, "/opt/lib/libssl.so.3", (30, Read), (120, Code), (8, Open)));
        Assert.Equal(1, diff.AllocationCount);
        Assert.Equal(RegionChange.Grown, diff.AllocationChanges[0]);
        Assert.Equal(3, diff.Count);
        Assert.All(diff.Aspects.ToArray(), aspects => Assert.Equal(DiffAspects.Details, aspects & DiffAspects.Details));
        Assert.Equal([10 * Page, 40 * Page, 4 * Page], Enumerable.Range(0, 3).Select(row => diff.Delta(RegionMetric.Size, row)));
    }

    [Fact]
    public void Between_ThreadsThatEnded_AreRemovedBehindThoseThatTheyFollowed()
    {
        var diff = Between(
            new MadeSnapshot()
                .Add(0x7000_0000_0000, RegionCategory.Stack, "Thread 1 (main)", (1, Open))
                .Add(0x7100_0000_0000, RegionCategory.Stack, "Thread 2 (reader)", (2, Open))
                .Add(0x7200_0000_0000, RegionCategory.Stack, "Thread 3 (writer)", (3, Open)),
            new MadeSnapshot { Key = new ProcessKey(99, 9) }
                .Add(0x6000_0000_0000, RegionCategory.Stack, "Thread 71 (main)", (1, Open))
                .Add(0x6200_0000_0000, RegionCategory.Stack, "Thread 73 (writer)", (3, Open)));
        Assert.Equal([RegionChange.Same, RegionChange.Removed, RegionChange.Same], diff.Changes.ToArray());
        Assert.Equal("Thread 2 (reader)", diff.DetailText(1));
    }

    [Theory]
    [InlineData("/usr/lib/x86_64-linux-gnu/libssl.so.1.1", "libssl.so.#")]
    [InlineData("/tmp/cache-4711.dat (deleted)", "cache-#.dat")]
    [InlineData(@"C:\Windows\System32\ntdll.dll", "ntdll.dll")]
    [InlineData("arena 0x7f12ab000030", "arena #")]
    [InlineData("Thread 4711 (worker/2)", "Thread # (worker/#)")]
    [InlineData("Heap 1 (process)", "Heap # (process)")]
    [InlineData("mmapped chunk", "mmapped chunks")]
    [InlineData("0x", "#x")]
    [InlineData("ends with 1.", "ends with #.")]
    [InlineData("/", "/")]
    [InlineData("", "")]
    public void Of_Details_KeepsWhatEveryRunHas(string details, string expected) => Assert.Equal(expected, DetailIdentity.Of(details));

    private static RegionDiff Between(MadeSnapshot before, MadeSnapshot after) =>
        SnapshotDiff.Between(before.Take(), after.Take(), sameHost: true).Regions;

    private static IEnumerable<(RegionChange Change, ulong Address, long Delta)> Changed(RegionDiff diff) =>
        Enumerable.Range(0, diff.Count).Where(row => diff.Changes[row] != RegionChange.Same)
            .Select(row => (diff.Changes[row], diff.Address(row), diff.Delta(RegionMetric.Size, row)));
}
