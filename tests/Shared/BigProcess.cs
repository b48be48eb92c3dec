using WebVmMap.Core.Processes;
using WebVmMap.Core.Regions;
using WebVmMap.Core.Snapshots;

namespace WebVmMap.Testing;

/// <summary>
/// A made-up Linux process in the proportions of real big ones: libraries of five segments, thread stacks with their guards,
/// heap arenas with a reserved tail, mapped files, and above all small anonymous mappings of changing protection. The same
/// seed gives the same process.
/// </summary>
internal static class BigProcess
{
    public static readonly AddressSpaceBounds Bounds = new(0x10000, 0x7fff_ffff_f000, 4096);

    private static readonly Protection[] s_segments =
        [Protection.Read, Protection.Read | Protection.Execute, Protection.Read, Protection.Read, Protection.Read | Protection.Write];

    /// <summary>A snapshot of about so many regions in use.</summary>
    public static Snapshot Take(int regions) => Snapshot(Build(regions), 0);

    /// <summary>The process a moment later: in one region of a hundred the figures differ.</summary>
    public static Snapshot After(Snapshot before, int seed)
    {
        var random = new Random(seed);
        var builder = new RegionTableBuilder(before.Regions.Count);
        for (var row = 0; row < before.Regions.Count; row++)
        {
            var region = before.Regions[row];
            if (!region.Category.IsGap())
            {
                builder.Add(random.Next(100) == 0 ? Touch(region, random) : region);
            }
        }
        return Snapshot(builder.Build(before.Regions.Strings), seed);
    }

    /// <summary>The regions in use alone, as a probe sees them.</summary>
    public static RegionTable Build(int regions)
    {
        var random = new Random(1);
        var texts = new StringTable();
        var builder = new RegionTableBuilder(regions + 16);
        var end = 0x5555_5555_4000UL;
        var item = 0;
        while (builder.Count < regions)
        {
            item++;
            end += (ulong)random.Next(4) * 4096;
            end = (item % 40) switch
            {
                0 => AddLibrary(builder, texts, random, end, item),
                1 or 2 => AddStack(builder, texts, random, end, item),
                3 => AddArena(builder, random, end),
                4 => AddFile(builder, texts, random, end, item),
                _ => AddAnonymous(builder, random, end),
            };
        }
        return builder.Build(texts.Seal());
    }

    private static ulong AddLibrary(RegionTableBuilder builder, StringTable texts, Random random, ulong address, int item)
    {
        var detail = texts.Intern($"/usr/lib/x86_64-linux-gnu/lib{random.Next(1000):x}-{item}.so.{random.Next(9)}");
        var allocation = address;
        foreach (var protection in s_segments)
        {
            var pages = random.Next(1, 300);
            var writable = protection.HasFlag(Protection.Write);
            var resident = random.Next(pages + 1) * 4096L;
            builder.Add(new Region
            {
                Address = address,
                Size = pages * 4096L,
                AllocationBase = allocation,
                Category = RegionCategory.Image,
                Protection = protection,
                Detail = detail,
                Committed = pages * 4096L,
                Private = writable ? pages * 4096L : 0,
                PrivateWs = writable ? resident : 0,
                ShareableWs = writable ? 0 : resident,
                SharedWs = writable ? 0 : resident,
                Pss = writable ? resident : resident / random.Next(1, 40) / 1024 * 1024,
            });
            address += (ulong)pages * 4096;
        }
        return address;
    }

    private static ulong AddStack(RegionTableBuilder builder, StringTable texts, Random random, ulong address, int item)
    {
        var detail = texts.Intern($"Thread {10_000 + item} (worker-{item % 64})");
        builder.Add(Guard(address, address, 4096, RegionCategory.Stack) with { Detail = detail });
        var region = Anonymous(address + 4096, address, 2048, Protection.Read | Protection.Write, random.Next(1, 20));
        builder.Add(region with { Category = RegionCategory.Stack, Detail = detail });
        return region.End;
    }

    private static ulong AddArena(RegionTableBuilder builder, Random random, ulong address)
    {
        var pages = random.Next(33, 16_000);
        var used = Anonymous(address, address, pages, Protection.Read | Protection.Write, random.Next(pages));
        builder.Add(used with { Category = RegionCategory.Heap });
        builder.Add(Guard(used.End, address, (16_384 - pages) * 4096L, RegionCategory.Heap));
        return builder.End;
    }

    private static ulong AddFile(RegionTableBuilder builder, StringTable texts, Random random, ulong address, int item)
    {
        var size = random.Next(1, 5000) * 4096L;
        var resident = random.Next((int)(size / 4096)) * 4096L;
        builder.Add(new Region
        {
            Address = address,
            Size = size,
            AllocationBase = address,
            Category = RegionCategory.MappedFile,
            Protection = Protection.Read | Protection.Shared,
            Detail = texts.Intern($"/var/lib/data/segment-{item:d6}.dat"),
            Committed = size,
            ShareableWs = resident,
            Pss = resident,
        });
        return builder.End;
    }

    private static ulong AddAnonymous(RegionTableBuilder builder, Random random, ulong address)
    {
        var pages = 1L << random.Next(8);
        var allocation = address;
        for (var part = random.Next(1, 5); part > 0; part--)
        {
            var open = part % 2 == 1;
            var protection = open ? Protection.Read | Protection.Write : Protection.Read;
            builder.Add(Anonymous(address, allocation, pages, protection, open ? random.NextInt64(pages + 1) : pages));
            address = builder.End;
        }
        return address;
    }

    private static Region Anonymous(ulong address, ulong allocation, long pages, Protection protection, long residentPages) => new()
    {
        Address = address,
        Size = pages * 4096,
        AllocationBase = allocation,
        Category = RegionCategory.PrivateData,
        Protection = protection,
        Committed = pages * 4096,
        Private = pages * 4096,
        PrivateWs = residentPages * 4096,
        Pss = residentPages * 4096,
    };

    /// <summary>Address space that is kept and cannot be touched.</summary>
    private static Region Guard(ulong address, ulong allocation, long size, RegionCategory category) =>
        new() { Address = address, Size = size, AllocationBase = allocation, Category = category };

    private static Region Touch(Region region, Random random)
    {
        var resident = random.NextInt64(region.Size / 4096 + 1) * 4096;
        return region with { PrivateWs = resident, Pss = resident };
    }

    private static Snapshot Snapshot(RegionTable regions, int second) => new(regions, Bounds)
    {
        Platform = HostPlatform.Linux,
        Process = new ProcessInfo { Key = new ProcessKey(4711, 123_456), Name = "big", User = "app", Architecture = "x64" },
        TakenAt = new DateTimeOffset(2026, 11, 22, 12, 0, second % 60, TimeSpan.Zero),
        Cost = new SnapshotCost(93.5, 90.25),
        Counters = new ProcessCounters { WorkingSet = 8L << 30, ResidentAnonymous = 7L << 30, Swap = 0, PageTable = 20L << 20 },
    };
}
