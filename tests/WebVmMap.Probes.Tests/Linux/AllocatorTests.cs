using System.Globalization;
using WebVmMap.Core.Regions;
using WebVmMap.Core.Snapshots;

namespace WebVmMap.Probes.Tests.Linux;

/// <summary>A program that knows what it has allocated, with other allocators than glibc's put before it, as Debian packages them.</summary>
public sealed class AllocatorTests
{
    private const string Libraries = "/usr/lib/x86_64-linux-gnu/";

    [Theory]
    [InlineData("libjemalloc.so.2", "jemalloc", 25)]
    [InlineData("libmimalloc.so.2.0", "mimalloc", 25)]
    [InlineData("libtcmalloc_minimal.so.4", "tcmalloc", 25)]
    [InlineData("libtcmalloc_minimal_debug.so.4", "tcmalloc", 40)]
    public void TakeSnapshot_AnotherAllocator_CountsWhatItGaveAsHeap(string library, string name, int booksPercent)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && File.Exists(Libraries + library), $"{library} is not installed: build/install.sh test does that.");
        using var target = TestTarget.StartWith("LD_PRELOAD", Libraries + library, "allocating");
        // The first round makes the threads' own caches and arenas, which are not what is counted here.
        target.Ask("go");
        var before = Probing.Snapshot(target.Pid);

        var answer = target.Ask("go");

        var after = Probing.Snapshot(target.Pid);
        SnapshotInvariants.Check(after);
        Assert.Equal("allocated", answer[0]);
        var allocated = long.Parse(answer[1], CultureInfo.InvariantCulture);
        foreach (var block in answer.Skip(2).Chunk(2))
        {
            var address = Probing.Address(block[0]);
            foreach (var within in (ulong[])[address, address + ulong.Parse(block[1], CultureInfo.InvariantCulture) - 1])
            {
                Assert.Equal(RegionCategory.Heap, after.CategoryAt(within));
                // tcmalloc grows the program's own heap as well.
                Assert.Contains(after.DetailAt(within), new[] { name, "[heap]" });
            }
        }
        // All of it was written: it is resident, private, and beside it only what the allocator needs for its books.
        var resident = Heap(after).PrivateWs - Heap(before).PrivateWs;
        Assert.True(resident >= allocated && resident < allocated * (100 + booksPercent) / 100, $"{allocated} allocated, {resident} resident in the heap");
        Assert.True(Heap(after).Private - Heap(before).Private >= allocated);
        Assert.True(Others(after) - Others(before) < 1 << 20, $"{Others(after) - Others(before)} elsewhere");
        Assert.Contains(after.Notes, note => note.Text.Contains(name, StringComparison.Ordinal));
    }

    private static SummaryRow Heap(Snapshot snapshot) => snapshot.Summary[RegionCategory.Heap];

    private static long Others(Snapshot snapshot) => snapshot.Summary.Total.PrivateWs - Heap(snapshot).PrivateWs;
}
