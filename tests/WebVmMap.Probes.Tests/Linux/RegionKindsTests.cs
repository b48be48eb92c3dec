using System.Globalization;
using WebVmMap.Core.Regions;

namespace WebVmMap.Probes.Tests.Linux;

/// <summary>Against a program that knows its own mappings.</summary>
public sealed class RegionKindsTests : IDisposable
{
    private readonly DirectoryInfo _files = Directory.CreateTempSubdirectory("webvmmap-regions-");

    public void Dispose() => _files.Delete(recursive: true);

    [LinuxFact]
    public void TakeSnapshot_EveryKindOfMapping_HasTheFiguresTheProgramKnows()
    {
        using var target = TestTarget.Start("regions", _files.FullName);
        var snapshot = Probing.Snapshot(target.Pid);
        SnapshotInvariants.Check(snapshot);
        Assert.True(target.Facts.Count >= 15);
        foreach (var fact in target.Facts)
        {
            var address = Probing.Address(fact[1]);
            long[] expected = [.. fact[2..].Select(word => long.Parse(word, CultureInfo.InvariantCulture))];
            var region = snapshot.Regions[snapshot.RowAt(address)];
            Assert.Equal(address, region.Address);
            Assert.Equal(
                (fact[0], expected[0], expected[1], expected[2], expected[3], expected[4], expected[5], expected[6]),
                (fact[0], region.Size, region.Committed, region.Private, region.PrivateWs, region.ShareableWs, region.SharedWs, region.LockedWs));
        }
    }

    [LinuxFact]
    public void TakeSnapshot_EveryKindOfMapping_HasItsCategoryAndDetail()
    {
        using var target = TestTarget.Start("regions", _files.FullName);
        var snapshot = Probing.Snapshot(target.Pid);
        foreach (var fact in target.Facts)
        {
            var address = Probing.Address(fact[1]);
            var (category, detail) = fact[0] switch
            {
                "shared-by-two" or "anonymous-shared" => (RegionCategory.Shareable, "/dev/zero (deleted)"),
                "memfd" => (RegionCategory.Shareable, "/memfd:target (deleted)"),
                "dev-shm" => (RegionCategory.Shareable, $"/dev/shm/webvmmap-target-{target.Pid} (deleted)"),
                "sysv" => (RegionCategory.Shareable, "/SYSV00000000 (deleted)"),
                "file-read-only" => (RegionCategory.MappedFile, Path.Combine(_files.FullName, "read only file")),
                "file-private-written" => (RegionCategory.MappedFile, Path.Combine(_files.FullName, "private file")),
                "file-shared" => (RegionCategory.MappedFile, Path.Combine(_files.FullName, "deleted file") + " (deleted)"),
                "hugetlb" => (RegionCategory.PrivateData, "/anon_hugepage (deleted)"),
                _ => (RegionCategory.PrivateData, ""),
            };
            Assert.Equal((fact[0], category, detail), (fact[0], snapshot.CategoryAt(address), snapshot.DetailAt(address)));
        }
    }

    [LinuxFact]
    public void TakeSnapshot_Sums_AreThoseOfTheKernelsOwnTotals()
    {
        using var target = TestTarget.Start("regions", _files.FullName);
        var snapshot = Probing.Snapshot(target.Pid);
        var rollup = Kilobytes($"/proc/{target.Pid}/smaps_rollup");
        var status = Kilobytes($"/proc/{target.Pid}/status");
        var total = snapshot.Summary.Total;
        var pageTable = snapshot.Summary[RegionCategory.PageTable];
        Assert.Equal(rollup["Rss"], total.TotalWs - pageTable.TotalWs);
        Assert.Equal(rollup["Anonymous"], total.PrivateWs - pageTable.PrivateWs);
        Assert.Equal(rollup["Locked"], total.LockedWs);
        Assert.Equal(rollup["Swap"], total.Swap);
        // Each mapping's share is rounded down to a kilobyte, the sum of all is rounded once.
        Assert.InRange(rollup["Pss"] - total.Pss, 0, snapshot.Regions.Count * 1024L);
        // [vsyscall] is in maps, but not counted to the process.
        var vsyscall = snapshot.Regions.Find(0xffffffffff600000) >= 0 ? 4096 : 0;
        Assert.Equal(status["VmSize"], total.Size - pageTable.Size - vsyscall);
        Assert.Equal(status["VmPTE"], pageTable.Size);
        Assert.Equal(status["VmRSS"], snapshot.Counters.WorkingSet);
        Assert.Equal(status["RssAnon"], snapshot.Counters.ResidentAnonymous);
        Assert.Equal(status["VmSwap"], snapshot.Counters.Swap);
        Assert.Null(snapshot.Counters.PrivateCommit);
    }

    [LinuxFact]
    public void TakeSnapshot_Image_IsOneAllocationWithItsBss()
    {
        using var target = TestTarget.Start("regions", _files.FullName);
        var snapshot = Probing.Snapshot(target.Pid);
        // As the kernel says: the first and the last mapping of the C library.
        var maps = File.ReadLines($"/proc/{target.Pid}/maps").ToList();
        var first = maps.FindIndex(line => line.Contains("/libc.so.6", StringComparison.Ordinal));
        var last = maps.FindLastIndex(line => line.Contains("/libc.so.6", StringComparison.Ordinal));
        var start = Probing.Address("0x" + maps[first][..maps[first].IndexOf('-')]);
        var bss = Probing.Address("0x" + maps[last + 1][..maps[last + 1].IndexOf('-')]);
        var allocation = snapshot.Allocations.OfRegion(snapshot.RowAt(start));
        Assert.Equal(RegionCategory.Image, snapshot.Allocations.Category(allocation));
        Assert.EndsWith("/libc.so.6", snapshot.Allocations.DetailText(allocation), StringComparison.Ordinal);
        Assert.Equal(last + 1 - first + 1, snapshot.Allocations.Blocks(allocation));
        Assert.Equal(allocation, snapshot.Allocations.OfRegion(snapshot.RowAt(bss)));
    }

    private static Dictionary<string, long> Kilobytes(string path) => File.ReadLines(path)
        .Where(line => line.EndsWith(" kB", StringComparison.Ordinal))
        .Select(line => line.Split([':', ' ', '\t'], StringSplitOptions.RemoveEmptyEntries))
        .ToDictionary(words => words[0], words => long.Parse(words[1], CultureInfo.InvariantCulture) * 1024);
}
