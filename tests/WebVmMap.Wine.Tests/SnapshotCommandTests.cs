using WebVmMap.Core.Processes;
using WebVmMap.Core.Regions;
using WebVmMap.Core.Snapshots;

namespace WebVmMap.Wine.Tests;

/// <summary>The agent's own <c>snapshot</c> command against a program that knows its own memory.</summary>
public sealed class SnapshotCommandTests(WinePrefix wine)
{
    private const long Kib = 1024;

    [Fact]
    public async Task Snapshot_ProgramThatKnowsItsMemory_AgreesRegionByRegion()
    {
        using var target = await RegionsTarget.StartAsync(wine);

        var snapshot = await TakeAsync(target.Pid);

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

    [Fact]
    public async Task Snapshot_StacksHeapsAndImages_AreWhereTheProgramHasThem()
    {
        using var target = await RegionsTarget.StartAsync(wine);

        var snapshot = await TakeAsync(target.Pid);

        foreach (var thread in target.Said.RootElement.GetProperty("threads").EnumerateArray())
        {
            var name = thread.GetProperty("name").GetString()!;
            var label = $"Thread ID: {thread.GetProperty("id").GetInt32()}" + (name.Length == 0 ? "" : $" ({name})");
            var row = snapshot.Regions.Find(thread.GetProperty("stackAddress").GetUInt64());
            Assert.Equal((RegionCategory.Stack, label), (snapshot.Regions.Categories[row], snapshot.Regions.DetailText(row)));
            var stack = AllocationRows(snapshot, snapshot.Regions.AllocationBases[row]);
            // Wine reserves at least 1 MiB.
            Assert.Equal(Math.Max(1024 * Kib, thread.GetProperty("reserve").GetInt64()), stack.Sum(r => r.Size));
            Assert.Contains(stack, r => r.Protection.HasFlag(Protection.Guard));
        }
        var main = snapshot.Regions.Find(target.Said.RootElement.GetProperty("mainStackAddress").GetUInt64());
        Assert.Equal(
            (RegionCategory.Stack, $"Thread ID: {target.Said.RootElement.GetProperty("mainThread").GetInt32()}"),
            (snapshot.Regions.Categories[main], snapshot.Regions.DetailText(main)));
        Assert.Equal(3, Details(snapshot, RegionCategory.Stack).Count);

        Assert.Equal(RegionCategory.Heap, snapshot.Regions.Categories[snapshot.Regions.Find(target.Area("heap").Address)]);
        Assert.EndsWith(" (default)", snapshot.Regions.DetailText(snapshot.Regions.Find(target.Area("mainHeap").Address)), StringComparison.Ordinal);
        Assert.Contains(snapshot.Notes, n => n.Kind == SnapshotNoteKind.Method && n.Text.Contains("list of heaps is empty", StringComparison.Ordinal));

        var image = snapshot.Regions.Find(target.Area("image").Address);
        Assert.Equal((RegionCategory.Image, WinePrefix.WindowsPath(wine.RegionsProgram)), (snapshot.Regions.Categories[image], snapshot.Regions.DetailText(image)));
        Assert.True(AllocationRows(snapshot, target.Area("image").Address).Count > 3);
        Assert.Equal(RegionCategory.Image, snapshot.Regions.Categories[snapshot.Regions.Find(target.Area("imageData").Address)]);
        Assert.Equal(@"C:\windows\system32\ntdll.dll", snapshot.Regions.DetailText(snapshot.Regions.Find(target.Area("ntdll").Address)));
        Assert.Contains("PEB", Details(snapshot, RegionCategory.PrivateData));
        Assert.Contains("User Shared Data", Details(snapshot, RegionCategory.PrivateData));
        Assert.Equal(3, Details(snapshot, RegionCategory.PrivateData).Count(d => d.StartsWith("TEB, Thread ID: ", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Snapshot_EveryRegion_IsInTheKernelsMapToo()
    {
        using var target = await RegionsTarget.StartAsync(wine);

        var snapshot = await TakeAsync(target.Pid);

        var maps = LinuxMaps.Read(target.Program.LinuxPid);
        for (var row = 0; row < snapshot.Regions.Count; row++)
        {
            if (!snapshot.Regions.Categories[row].IsGap())
            {
                var (start, end) = (snapshot.Regions.Addresses[row], snapshot.Regions.End(row));
                Assert.Contains(maps, m => m.Start <= start && end <= m.End);
            }
        }
        // The program waits for its input: nothing of it moves, and Wine counts what Linux counts. The kernel adds up its
        // processors' shares of that figure lazily, 64 pages at a time.
        var resident = LinuxMaps.Status(target.Program.LinuxPid, "VmRSS");
        Assert.InRange(snapshot.Counters.WorkingSet ?? 0, resident - (256 * Kib), resident + (256 * Kib));
    }

    [Fact]
    public async Task Snapshot_WhatWineDoesNotTell_IsEmptyAndSaidSo()
    {
        using var target = await RegionsTarget.StartAsync(wine);

        var snapshot = await TakeAsync(target.Pid);

        Assert.Equal((0L, 0L, 0L), (snapshot.Summary.Total.TotalWs, snapshot.Summary.Total.SharedWs, snapshot.Summary.Total.LockedWs));
        Assert.Null(snapshot.Counters.PrivateCommit);
        Assert.Null(snapshot.Counters.PageTable);
        Assert.DoesNotContain(snapshot.Summary.Rows, r => r.Name == "Unaccounted");
        Assert.Contains(snapshot.Notes, n => n.Kind == SnapshotNoteKind.Limitation && n.Text.Contains("working set columns", StringComparison.Ordinal));
        Assert.InRange(snapshot.Cost.ElapsedMs, 0.1, 60_000);
    }

    [Fact]
    public async Task Snapshot_NoSuchProcess_EndsWithOneClearLine()
    {
        using var target = await RegionsTarget.StartAsync(wine);
        using var agent = wine.Start(wine.Agent, "snapshot", "--pid", "999996");

        Assert.Equal(1, await agent.EndAsync());
        Assert.Equal("There is no process with the id 999996.", agent.Errors.Trim());
    }

    private async Task<Snapshot> TakeAsync(int pid)
    {
        var file = Path.Combine(wine.Folder, $"{Guid.NewGuid():N}.wvm");
        using var agent = wine.Start(wine.Agent, "snapshot", "--pid", $"{pid}", "--output", WinePrefix.WindowsPath(file));
        Assert.Equal((0, ""), (await agent.EndAsync(), agent.Errors));
        return SnapshotCodec.Decode(await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken));
    }

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

    private static List<Region> AllocationRows(Snapshot snapshot, ulong allocation) =>
        [.. AllRows(snapshot).Where(r => r.AllocationBase == allocation && !r.Category.IsGap())];

    private static IEnumerable<Region> AllRows(Snapshot snapshot) => Enumerable.Range(0, snapshot.Regions.Count).Select(i => snapshot.Regions[i]);

    private static HashSet<string> Details(Snapshot snapshot, RegionCategory category) =>
        [.. AllRows(snapshot).Where(r => r.Category == category).Select(r => snapshot.Regions.Strings[r.Detail])];
}
