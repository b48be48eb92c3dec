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

        TargetMemory.AssertAgrees(target, snapshot);
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
            var stack = TargetMemory.AllocationRows(snapshot, snapshot.Regions.AllocationBases[row]);
            // Wine reserves at least 1 MiB.
            Assert.Equal(Math.Max(1024 * Kib, thread.GetProperty("reserve").GetInt64()), stack.Sum(r => r.Size));
            Assert.Contains(stack, r => r.Protection.HasFlag(Protection.Guard));
        }
        var main = snapshot.Regions.Find(target.Said.RootElement.GetProperty("mainStackAddress").GetUInt64());
        Assert.Equal(
            (RegionCategory.Stack, $"Thread ID: {target.Said.RootElement.GetProperty("mainThread").GetInt32()}"),
            (snapshot.Regions.Categories[main], snapshot.Regions.DetailText(main)));
        Assert.Equal(3, TargetMemory.Details(snapshot, RegionCategory.Stack).Count);

        Assert.Equal(RegionCategory.Heap, snapshot.Regions.Categories[snapshot.Regions.Find(target.Area("heap").Address)]);
        Assert.EndsWith(" (default)", snapshot.Regions.DetailText(snapshot.Regions.Find(target.Area("mainHeap").Address)), StringComparison.Ordinal);
        Assert.Contains(snapshot.Notes, n => n.Kind == SnapshotNoteKind.Method && n.Text.Contains("list of heaps is empty", StringComparison.Ordinal));

        var image = snapshot.Regions.Find(target.Area("image").Address);
        Assert.Equal((RegionCategory.Image, WinePrefix.WindowsPath(wine.RegionsProgram)), (snapshot.Regions.Categories[image], snapshot.Regions.DetailText(image)));
        Assert.True(TargetMemory.AllocationRows(snapshot, target.Area("image").Address).Count > 3);
        Assert.Equal(RegionCategory.Image, snapshot.Regions.Categories[snapshot.Regions.Find(target.Area("imageData").Address)]);
        Assert.Equal(@"C:\windows\system32\ntdll.dll", snapshot.Regions.DetailText(snapshot.Regions.Find(target.Area("ntdll").Address)));
        Assert.Contains("PEB", TargetMemory.Details(snapshot, RegionCategory.PrivateData));
        Assert.Contains("User Shared Data", TargetMemory.Details(snapshot, RegionCategory.PrivateData));
        Assert.Equal(3, TargetMemory.Details(snapshot, RegionCategory.PrivateData).Count(d => d.StartsWith("TEB, Thread ID: ", StringComparison.Ordinal)));
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
}
