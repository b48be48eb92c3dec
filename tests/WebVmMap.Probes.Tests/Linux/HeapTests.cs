using WebVmMap.Core.Regions;

namespace WebVmMap.Probes.Tests.Linux;

public sealed class HeapTests
{
    [LinuxFact]
    public void TakeSnapshot_BlocksOfEveryThread_LieInHeapsOfOneArenaEach()
    {
        using var target = TestTarget.StartWith("MALLOC_ARENA_MAX", "8", "arenas", "5");
        var snapshot = Probing.Snapshot(target.Pid);
        SnapshotInvariants.Check(snapshot);
        var names = new Dictionary<string, string>();
        foreach (var fact in target.Facts.Where(fact => fact[0] == "arena"))
        {
            var address = Probing.Address(fact[2]);
            Assert.Equal(RegionCategory.Heap, snapshot.CategoryAt(address));
            var detail = snapshot.DetailAt(address);
            Assert.StartsWith("arena 0x", detail, StringComparison.Ordinal);
            // The first and the last block of a thread lie in one arena, also when its first heap is full.
            Assert.Equal(names.GetValueOrDefault(fact[1], detail), detail);
            names[fact[1]] = detail;
        }
        Assert.Equal(5, names.Values.Distinct().Count());
        Assert.Contains(snapshot.Notes, note => note.Text.Contains("5 arenas beside [heap]", StringComparison.Ordinal));
    }

    [LinuxFact]
    public void TakeSnapshot_ArenaLimitOfTwo_PutsEveryThreadInOneOfTwo()
    {
        using var target = TestTarget.StartWith("MALLOC_ARENA_MAX", "2", "arenas", "5");
        var snapshot = Probing.Snapshot(target.Pid);
        foreach (var fact in target.Facts.Where(fact => fact[0] == "arena"))
        {
            var address = Probing.Address(fact[2]);
            Assert.Equal(RegionCategory.Heap, snapshot.CategoryAt(address));
        }
        var arenas = Enumerable.Range(0, snapshot.Regions.Count)
            .Select(snapshot.Regions.DetailText)
            .Where(text => text.StartsWith("arena", StringComparison.Ordinal))
            .Distinct();
        Assert.Single(arenas); // beside the main one
    }

    [LinuxFact]
    public void TakeSnapshot_ReservedRestOfAnArena_BelongsToItsHeap()
    {
        using var target = TestTarget.StartWith("MALLOC_ARENA_MAX", "8", "arenas", "2");
        var snapshot = Probing.Snapshot(target.Pid);
        var address = Probing.Address(target.Facts.First(fact => fact[0] == "arena" && fact[1] == "0")[2]);
        var allocation = snapshot.Allocations.OfRegion(snapshot.RowAt(address));
        Assert.Equal(64L << 20, snapshot.Allocations.Value(RegionMetric.Size, allocation));
        Assert.Equal(0UL, snapshot.Allocations.Address(allocation) % (64 << 20));
        Assert.True(snapshot.Allocations.Value(RegionMetric.Committed, allocation) < 1 << 20);
    }

    [LinuxFact]
    public void TakeSnapshot_MainHeapAndLargeBlocks_AreHeap()
    {
        using var target = TestTarget.Start("arenas", "2");
        var snapshot = Probing.Snapshot(target.Pid);
        var main = Probing.Address(target.Facts.Single(fact => fact[0] == "main")[2]);
        Assert.Equal((RegionCategory.Heap, "[heap]"), (snapshot.CategoryAt(main), snapshot.DetailAt(main)));
        foreach (var fact in target.Facts.Where(fact => fact[0] == "large"))
        {
            var address = Probing.Address(fact[2]);
            Assert.Equal(RegionCategory.Heap, snapshot.CategoryAt(address));
            Assert.StartsWith("mmapped chunk", snapshot.DetailAt(address), StringComparison.Ordinal);
        }
    }
}
