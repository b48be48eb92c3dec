using WebVmMap.Core.Processes;
using WebVmMap.Core.Regions;
using WebVmMap.Core.Snapshots;

namespace WebVmMap.Hub.Tests.Hosting;

/// <summary>Snapshots whose figures a test can work out by itself.</summary>
internal static class TestSnapshots
{
    public const ulong Base = 0x5000_0000_0000;
    public const int PageBytes = 4096;

    private static readonly AddressSpaceBounds s_bounds = new(0x10000, 0x7fff_ffff_f000, PageBytes);

    /// <summary>
    /// So many allocations of two neighbouring regions, a page each, with a page between allocations; heap and image by turns.
    /// Every region is committed; <paramref name="resident"/> bytes of the first one are in private working set.
    /// </summary>
    public static Snapshot Of(int pid = 42, int allocations = 10, long resident = 0, DateTimeOffset? at = null, long start = 77, StringTable? strings = null)
    {
        strings ??= new StringTable();
        var builder = new RegionTableBuilder();
        for (var i = 0; i < allocations; i++)
        {
            var address = Base + (ulong)i * 3 * PageBytes;
            var heap = i % 2 == 0;
            for (var block = 0; block < 2; block++)
            {
                builder.Add(new Region
                {
                    Address = address + (ulong)(block * PageBytes),
                    Size = PageBytes,
                    AllocationBase = address,
                    Category = heap ? RegionCategory.Heap : RegionCategory.Image,
                    Protection = block == 0 ? Protection.Read : Protection.Read | Protection.Write,
                    Detail = heap ? 0 : strings.Intern($"/usr/lib/lib{i}.so"),
                    Committed = PageBytes,
                    Private = heap ? PageBytes : 0,
                    PrivateWs = i == 0 && block == 0 ? resident : 0,
                });
            }
        }
        return new Snapshot(builder.Build(strings.Seal()), s_bounds)
        {
            Platform = HostPlatform.Linux,
            Process = Process(pid, start),
            TakenAt = at ?? DateTimeOffset.FromUnixTimeMilliseconds(1_800_000_000_000),
            Cost = new SnapshotCost(1.5, 0.5),
            Counters = new ProcessCounters { WorkingSet = resident },
            Notes = [new SnapshotNote(SnapshotNoteKind.Limitation, $"Only {allocations} allocations are shown.")],
        };
    }

    public static ProcessInfo Process(int pid = 42, long start = 77, string name = "victim") => new()
    {
        Key = new ProcessKey(pid, start),
        Name = name,
        CommandLine = $"{name} --flag",
        User = "someone",
        Architecture = "x64",
        StartTime = DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_000),
    };
}
