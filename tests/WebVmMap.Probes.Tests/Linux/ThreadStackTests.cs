using System.Diagnostics;
using WebVmMap.Core.Regions;
using WebVmMap.Core.Snapshots;

namespace WebVmMap.Probes.Tests.Linux;

public sealed class ThreadStackTests
{
    [LinuxFact]
    public void TakeSnapshot_HundredThreads_FindsEachStackByIdAndName()
    {
        using var target = TestTarget.Start("threads", "100");
        var snapshot = Probing.Snapshot(target.Pid);
        SnapshotInvariants.Check(snapshot);
        Assert.Equal(100, target.Facts.Count);
        foreach (var thread in target.Facts)
        {
            var address = Probing.Address(thread[3]);
            Assert.Equal((RegionCategory.Stack, $"Thread {thread[1]} ({thread[2]})"), (snapshot.CategoryAt(address), snapshot.DetailAt(address)));
        }
    }

    [LinuxFact]
    public void TakeSnapshot_ThreadStack_IsOneAllocationWithItsGuard()
    {
        using var target = TestTarget.Start("threads", "3");
        var snapshot = Probing.Snapshot(target.Pid);
        // Not the last one: that has a stack of the program's own, with no guard.
        var row = snapshot.RowAt(Probing.Address(target.Facts.Single(fact => fact[2] == "worker-0")[3]));
        Assert.Equal(Protection.None, snapshot.Regions.Protections[row - 1]);
        Assert.Equal(4096, snapshot.Regions.Sizes[row - 1]);
        Assert.Equal(256 * 1024, snapshot.Regions.Sizes[row]);
        Assert.Equal(snapshot.Regions.Addresses[row - 1], snapshot.Regions.AllocationBases[row]);
        Assert.Equal(snapshot.Allocations.OfRegion(row), snapshot.Allocations.OfRegion(row - 1));
    }

    [LinuxFact]
    public void TakeSnapshot_FirstThread_HasTheStackTheKernelNames()
    {
        using var target = TestTarget.Start("threads", "2");
        var snapshot = Probing.Snapshot(target.Pid);
        var line = File.ReadLines($"/proc/{target.Pid}/maps").Single(l => l.EndsWith("[stack]", StringComparison.Ordinal));
        var address = Probing.Address("0x" + line[..line.IndexOf('-')]);
        Assert.Equal(RegionCategory.Stack, snapshot.CategoryAt(address));
        Assert.Equal($"[stack] Thread {target.Pid} ({snapshot.Process.Name[..Math.Min(15, snapshot.Process.Name.Length)]})", snapshot.DetailAt(address));
    }

    [LinuxFact]
    public void TakeSnapshot_LibraryThatTellsNothing_FindsDescriptorsByThemselves()
    {
        using var target = TestTarget.StartStatic("threads", "20");
        var snapshot = Probing.Snapshot(target.Pid);
        SnapshotInvariants.Check(snapshot);
        foreach (var thread in target.Facts.Where(fact => fact[2] != "worker-19")) // its stack has no guard to know it by
        {
            var address = Probing.Address(thread[3]);
            Assert.Equal((RegionCategory.Stack, $"Thread {thread[1]} ({thread[2]})"), (snapshot.CategoryAt(address), snapshot.DetailAt(address)));
        }
        Assert.Contains(snapshot.Notes, note => note.Kind == SnapshotNoteKind.Limitation && note.Text.Contains("20 of 21 threads", StringComparison.Ordinal));
    }

    [LinuxFact]
    public void TakeSnapshot_ThreadsWithNoDescriptor_AreFoundWhileTheySleep()
    {
        using var target = TestTarget.Start("rawthreads", "5");
        var snapshot = Probing.Snapshot(target.Pid);
        SnapshotInvariants.Check(snapshot);
        Assert.Equal(5, target.Facts.Count);
        foreach (var thread in target.Facts)
        {
            var address = Probing.Address(thread[2]);
            Assert.Equal(RegionCategory.Stack, snapshot.CategoryAt(address));
            Assert.StartsWith($"Thread {thread[1]} (", snapshot.DetailAt(address), StringComparison.Ordinal);
        }
    }

    [LinuxFact]
    public void TakeSnapshot_Python_FindsTheStackOfEveryThread()
    {
        const string Script = "import threading,time\nfor i in range(7): threading.Thread(target=lambda: time.sleep(1000), daemon=True).start()\nprint('ready', flush=True)\ninput()";
        using var python = StartPython(Script);
        Assert.SkipWhen(python is null, "There is no python3 here.");
        try
        {
            Assert.Equal("ready", python.StandardOutput.ReadLine());
            var snapshot = Probing.Snapshot(python.Id);
            SnapshotInvariants.Check(snapshot);
            var tids = Directory.GetDirectories($"/proc/{python.Id}/task").Select(path => Path.GetFileName(path)!).Order();
            var found = Enumerable.Range(0, snapshot.Allocations.Count)
                .Where(allocation => snapshot.Allocations.Category(allocation) == RegionCategory.Stack)
                .Select(allocation => snapshot.Allocations.DetailText(allocation).Replace("[stack] ", "", StringComparison.Ordinal).Split(' ')[1])
                .Order();
            Assert.Equal(tids, found);
        }
        finally
        {
            python.Kill();
        }
    }

    private static Process? StartPython(string script)
    {
        try
        {
            return Process.Start(new ProcessStartInfo("python3", ["-c", script]) { RedirectStandardInput = true, RedirectStandardOutput = true });
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }
}
