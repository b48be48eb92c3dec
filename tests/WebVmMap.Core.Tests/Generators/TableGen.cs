using System.Collections.Immutable;
using CsCheck;
using WebVmMap.Core.Regions;

namespace WebVmMap.Core.Tests.Generators;

/// <summary>Region tables as a probe may make them, and stranger ones that the format has to carry all the same.</summary>
internal static class TableGen
{
    /// <summary>The texts that every generated table shares, so that any two of them can follow each other.</summary>
    public static readonly ImmutableArray<string> Texts =
    [
        "", "/usr/lib/x86_64-linux-gnu/libc.so.6", "Thread 4711 (worker)", "C:\\Windows\\System32\\ntdll.dll", "/tmp/ä ö 日本 🗺️ (deleted)", "x",
    ];

    private static readonly Gen<long> s_bytes = Gen.Frequency(
        (4, Gen.Const(0L)),
        (4, Gen.Long[0, 1 << 20].Select(pages => pages * 4096)),
        (2, Gen.Long[0, 1 << 30].Select(kib => kib * 1024)),
        (1, Gen.Long[0, long.MaxValue]));

    // Image to Private Data: what a region in use can be.
    private static readonly Gen<RegionCategory> s_used =
        Gen.Int[(int)RegionCategory.Image, (int)RegionCategory.PrivateData].Select(category => (RegionCategory)category);

    private static readonly Gen<long> s_pages = Gen.Frequency((8, Gen.Long[1, 64]), (2, Gen.Long[1, 1 << 20]), (1, Gen.Long[1, 1L << 38]));
    private static readonly Gen<ulong> s_gapPages = Gen.Frequency((6, Gen.Const(0UL)), (3, Gen.ULong[0, 40]), (1, Gen.ULong[0, 1UL << 36]));

    /// <summary>Regions in use, up to 60 of them.</summary>
    public static readonly Gen<RegionTable> Observed = Of(s_used, 60);

    /// <summary>Regions as a system tells of them: nothing resident, committed or shared beyond what holds it.</summary>
    public static readonly Gen<RegionTable> Plausible = Gen.Select(Observed, Gen.Int[0, int.MaxValue]).Select((table, seed) =>
    {
        var random = new Random(seed);
        var builder = new RegionTableBuilder();
        for (var row = 0; row < table.Count; row++)
        {
            var region = table[row];
            var committed = UpTo(region.Size);
            var shareable = UpTo(committed);
            builder.Add(region with
            {
                Committed = committed,
                Private = UpTo(committed),
                ShareableWs = shareable,
                PrivateWs = UpTo(committed - shareable),
                SharedWs = UpTo(shareable),
                LockedWs = UpTo(committed),
                Pss = UpTo(committed),
                Swap = UpTo(committed),
            });
        }
        return builder.Build(table.Strings);

        long UpTo(long bytes) => random.NextInt64(bytes / 4096 + 1) * 4096;
    });

    /// <summary>A generator of tables whose rows have the given categories.</summary>
    public static Gen<RegionTable> Of(Gen<RegionCategory> category, int maxRows) =>
        Gen.Select(
            Gen.Select(s_gapPages, s_pages, Gen.Bool, category, Gen.Int[0, 511], Gen.Int[0, Texts.Length - 1]),
            s_bytes.Array[8]).Array[0, maxRows].Select(Build);

    private static RegionTable Build(
        ((ulong Gap, long Pages, bool NewAllocation, RegionCategory Category, int Protection, int Detail) Row, long[] Bytes)[] rows)
    {
        var builder = new RegionTableBuilder();
        var end = 0x10000UL;
        var allocation = end;
        foreach (var (row, bytes) in rows)
        {
            var address = end + row.Gap * 4096;
            allocation = row.NewAllocation || builder.Count == 0 ? address : allocation;
            builder.Add(new Region
            {
                Address = address,
                Size = row.Pages * 4096,
                AllocationBase = allocation,
                Category = row.Category,
                Protection = (Protection)row.Protection,
                Detail = row.Detail,
                Committed = bytes[0],
                Private = bytes[1],
                PrivateWs = bytes[2],
                ShareableWs = bytes[3],
                SharedWs = bytes[4],
                LockedWs = bytes[5],
                Pss = bytes[6],
                Swap = bytes[7],
            });
            end = address + (ulong)row.Pages * 4096;
        }
        return builder.Build(Texts);
    }
}
