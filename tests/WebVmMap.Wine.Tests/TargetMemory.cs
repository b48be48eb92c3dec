using WebVmMap.Core.Processes;
using WebVmMap.Core.Regions;
using WebVmMap.Core.Snapshots;

namespace WebVmMap.Wine.Tests;

/// <summary>Holds a snapshot of the program that knows its own memory against what it says, however the snapshot came here.</summary>
internal static class TargetMemory
{
    private const long Kib = 1024;

    /// <summary>Every area that the program made is in the snapshot: where it is, how large, of which kind and protection.</summary>
    public static void AssertAgrees(RegionsTarget target, Snapshot snapshot)
    {
        Assert.Equal(HostPlatform.Windows, snapshot.Platform);
        Assert.Equal((target.Pid, "regions.exe", "x64", false),
            (snapshot.Process.Key.Pid, snapshot.Process.Name, snapshot.Process.Architecture, snapshot.Process.Managed));
        Assert.Contains(target.File, snapshot.Process.CommandLine, StringComparison.Ordinal);

        var reserve = target.Area("reserve");
        Assert.Equal(
            [(64 * Kib, 0, Protection.Reserved), (64 * Kib, 64 * Kib, Protection.Read | Protection.Write), (896 * Kib, 0L, Protection.Reserved)],
            Rows(snapshot, reserve.Address, reserve.Size).Select(r => (r.Size, r.Committed, r.Protection)));
        AssertArea(snapshot, target, "reserve", RegionCategory.PrivateData, "");

        AssertArea(snapshot, target, "commit", RegionCategory.PrivateData, "");
        var tail = snapshot.Regions[snapshot.Regions.Find(target.Area("commit").Address + (20 * 1024))];
        Assert.Equal((RegionCategory.Unusable, 44 * Kib), (tail.Category, tail.Size));

        var protections = target.Area("protections");
        Assert.Equal(
            [Protection.Read | Protection.Write, Protection.Read | Protection.Write | Protection.Guard, Protection.None, Protection.Execute | Protection.Read],
            Rows(snapshot, protections.Address, protections.Size).Select(r => r.Protection));
        AssertArea(snapshot, target, "protections", RegionCategory.PrivateData, "");

        AssertArea(snapshot, target, "rwx", RegionCategory.PrivateData, "");
        Assert.Equal(Protection.Execute | Protection.Read | Protection.Write, snapshot.Regions[snapshot.Regions.Find(target.Area("rwx").Address)].Protection);
        AssertArea(snapshot, target, "file", RegionCategory.MappedFile, target.File);
        AssertArea(snapshot, target, "section", RegionCategory.Shareable, "");
        Assert.Equal(0, Rows(snapshot, target.Area("section").Address, target.Area("section").Size).Sum(r => r.Private));
    }

    /// <summary>The blocks of an allocation.</summary>
    public static List<Region> AllocationRows(Snapshot snapshot, ulong allocation) =>
        [.. AllRows(snapshot).Where(r => r.AllocationBase == allocation && !r.Category.IsGap())];

    /// <summary>What is told of the regions of a category.</summary>
    public static HashSet<string> Details(Snapshot snapshot, RegionCategory category) =>
        [.. AllRows(snapshot).Where(r => r.Category == category).Select(r => snapshot.Regions.Strings[r.Detail])];

    private static void AssertArea(Snapshot snapshot, RegionsTarget target, string name, RegionCategory category, string detail)
    {
        var (address, size, committed) = target.Area(name);
        var rows = AllocationRows(snapshot, address);
        Assert.Equal(address, rows[0].Address);
        Assert.Equal((size, committed), (rows.Sum(r => r.Size), rows.Sum(r => r.Committed)));
        Assert.All(rows, r => Assert.Equal((category, detail), (r.Category, snapshot.Regions.Strings[r.Detail])));
        Assert.Equal(category == RegionCategory.PrivateData ? committed : 0, rows.Sum(r => r.Private));
    }

    private static List<Region> Rows(Snapshot snapshot, ulong address, long size) =>
        [.. AllRows(snapshot).Where(r => r.Address >= address && r.Address < address + (ulong)size)];

    private static IEnumerable<Region> AllRows(Snapshot snapshot) => Enumerable.Range(0, snapshot.Regions.Count).Select(i => snapshot.Regions[i]);
}
