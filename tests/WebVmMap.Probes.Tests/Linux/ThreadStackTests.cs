using WebVmMap.Core.Regions;

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
}
