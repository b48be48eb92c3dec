using CsCheck;
using WebVmMap.Core.Diffs;
using WebVmMap.Core.Processes;
using WebVmMap.Core.Regions;
using WebVmMap.Core.Snapshots;

namespace WebVmMap.Components.Tests.Fakes;

/// <summary>Pairs of snapshots to compare.</summary>
internal static class DiffSamples
{
    private const long Page = 4096;
    private const long Mi = 1 << 20;
    private const Protection Rw = Protection.Read | Protection.Write;

    /// <summary>
    /// A heap that grew by 6 MiB, a file that was unmapped (1 MiB), a stack that was added (8 MiB in two regions), an image whose
    /// data were written to (residency alone), and a mapping that stayed.
    /// </summary>
    public static SnapshotDiff Leak { get; } = SnapshotDiff.Between(Before, After, sameHost: true);

    public static Snapshot Before => Make(Samples.Noon, Samples.Node, (0x400000, 0x400000, 2 * Mi, RegionCategory.Image, Rw, "/usr/bin/node", Mi, 2 * Mi),
        (0x2000000, 0x2000000, 10 * Mi, RegionCategory.Heap, Rw, "[heap]", 9 * Mi, 10 * Mi),
        (0x7f0000000000, 0x7f0000000000, Mi, RegionCategory.MappedFile, Protection.Read, "/var/cache/old.db", 0, 0),
        (0x7f2000000000, 0x7f2000000000, 4 * Mi, RegionCategory.PrivateData, Rw, "", 4 * Mi, 4 * Mi));

    public static Snapshot After => Make(Samples.Noon.AddHours(1), Samples.Node, (0x400000, 0x400000, 2 * Mi, RegionCategory.Image, Rw, "/usr/bin/node", 2 * Mi, 2 * Mi),
        (0x2000000, 0x2000000, 16 * Mi, RegionCategory.Heap, Rw, "[heap]", 15 * Mi, 16 * Mi),
        (0x7f1000000000, 0x7f1000000000, Page, RegionCategory.Stack, Protection.None, "thread 24800 worker", 0, 0),
        (0x7f1000001000, 0x7f1000000000, 8 * Mi, RegionCategory.Stack, Rw, "thread 24800 worker", Mi, 8 * Mi),
        (0x7f2000000000, 0x7f2000000000, 4 * Mi, RegionCategory.PrivateData, Rw, "", 4 * Mi, 4 * Mi));

    /// <summary>Any two snapshots of one process: regions of one to three pages in slots, which come, go, grow and change category.</summary>
    public static Gen<SnapshotDiff> Diffs { get; } =
        Gen.Select(Gen.Int[0, 1 << 30], Gen.Int[0, 1 << 30], Gen.Int[0, 60]).Select((before, after, count) =>
            SnapshotDiff.Between(Random(before, count), Random(after, count), DiffMatching.Address));

    public static Snapshot Make(DateTimeOffset takenAt, ProcessInfo process, params (ulong Address, ulong Base, long Size, RegionCategory Category, Protection Protection, string Detail, long Resident, long Private)[] rows)
    {
        var texts = new StringTable();
        var table = new RegionTableBuilder();
        foreach (var row in rows)
        {
            table.Add(new Region
            {
                Address = row.Address,
                AllocationBase = row.Base,
                Size = row.Size,
                Category = row.Category,
                Protection = row.Protection,
                Detail = texts.Intern(row.Detail),
                Committed = row.Protection == Protection.None ? 0 : row.Size,
                Private = row.Private,
                PrivateWs = row.Resident,
            });
        }
        return new Snapshot(table.Build(texts.Seal()), new AddressSpaceBounds(0x10000, 0x7ffffffff000, 4096))
        {
            Platform = HostPlatform.Linux,
            Process = process,
            TakenAt = takenAt,
            Cost = new SnapshotCost(12.4, 9.8),
        };
    }

    private static Snapshot Random(int seed, int count)
    {
        var random = new Random(seed);
        var rows = new List<(ulong, ulong, long, RegionCategory, Protection, string, long, long)>();
        for (var slot = 0; slot < count; slot++)
        {
            if (random.Next(4) == 0)
            {
                continue;
            }
            var address = 0x100000 + (ulong)slot * 0x4000;
            var pages = random.Next(1, 4);
            var category = (RegionCategory)(random.Next(8) == 0 ? random.Next(1, 8) : 1 + slot % 7);
            var shared = slot % 3 != 0 && rows is [.., var last] && last.Item4 == category;
            rows.Add((address, shared ? rows[^1].Item2 : address, pages * Page, category, random.Next(5) == 0 ? Protection.Read : Rw, $"/lib/file{slot % 5}.so", random.Next(pages + 1) * Page, random.Next(pages + 1) * Page));
        }
        return Make(Samples.Noon, Samples.Node, [.. rows]);
    }
}
