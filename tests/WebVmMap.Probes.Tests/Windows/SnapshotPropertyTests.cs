using CsCheck;
using WebVmMap.Core.Regions;
using WebVmMap.Probes.Windows;

namespace WebVmMap.Probes.Tests.Windows;

/// <summary>Holds for whatever the system answers, sense or nonsense.</summary>
public sealed class SnapshotPropertyTests
{
    private static readonly Gen<RecordedProcess> s_process =
        from allocations in Gen.Select(
            Gen.Int[0, 3],
            OneOf(MemoryType.Private, MemoryType.Mapped, MemoryType.Image),
            Gen.Select(
                Gen.Int[1, 6],
                Gen.Bool,
                OneOf(PageProtection.ReadWrite, PageProtection.WriteCopy, PageProtection.ReadOnly, PageProtection.ReadWrite | PageProtection.Guard),
                (pages, committed, protection) => (Pages: (ulong)pages, Committed: committed, Protection: protection)).Array[1, 4],
            (gap, type, regions) => (Gap: (ulong)gap, Type: type, Regions: regions)).Array[1, 12]
        from seed in Gen.ULong
        from pointers in Gen.Select(Gen.Int[0, 60], Gen.Int[0, 511], Gen.Int[0, 80], (page, slot, target) => (Page: page, Slot: slot, Target: target)).Array[0, 40]
        from signatures in Gen.Int[0, 60].Array[0, 6]
        select Build(allocations, seed, pointers, signatures);

    [Fact]
    public void TakeSnapshot_AnyAnswers_RegionsAndSumsAreThoseOfTheWalk() => s_process.Sample(process =>
    {
        var snapshot = SnapshotTaker.Take(process);

        var rows = Enumerable.Range(0, snapshot.Regions.Count).Select(i => snapshot.Regions[i]).Where(r => !r.Category.IsGap()).ToList();
        foreach (var region in process.Regions)
        {
            var own = rows.Where(r => r.AllocationBase == region.AllocationBase && r.Address >= region.BaseAddress && r.Address < region.End).ToList();
            Assert.Equal((long)region.RegionSize, own.Sum(r => r.Size));
            Assert.Equal(region.State == MemoryState.Commit ? (long)region.RegionSize : 0, own.Sum(r => r.Committed));
            var pages = Enumerable.Range(0, (int)(region.RegionSize / 4096)).Select(i => process.PageFlags(region.BaseAddress + ((ulong)i * 4096)));
            var resident = region.State == MemoryState.Commit ? pages.Where(f => (f & 1) != 0).ToList() : [];
            Assert.Equal(resident.Count(f => (f & 0x8000) == 0) * 4096L, own.Sum(r => r.PrivateWs));
            Assert.Equal(resident.Count(f => (f & 0x8000) != 0) * 4096L, own.Sum(r => r.ShareableWs));
            Assert.Equal(resident.Count(f => (f & 0x400000) != 0) * 4096L, own.Sum(r => r.LockedWs));
            Assert.All(own, r => Assert.True(r.SharedWs <= r.ShareableWs && r.PrivateWs <= r.Private && r.Private <= r.Committed));
            if (region.Type == MemoryType.Image)
            {
                Assert.All(own, r => Assert.Equal(RegionCategory.Image, r.Category));
            }
        }
        Assert.Equal(process.Regions.Sum(r => (long)r.RegionSize), rows.Sum(r => r.Size));
        Assert.Equal((long)(process.Bounds.End - process.Bounds.Lowest), snapshot.Regions.Sizes.ToArray().Sum());
    });

    private static Gen<T> OneOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    private static RecordedProcess Build(
        (ulong Gap, MemoryType Type, (ulong Pages, bool Committed, PageProtection Protection)[] Regions)[] allocations,
        ulong seed,
        (int Page, int Slot, int Target)[] pointers,
        int[] signatures)
    {
        const ulong Start = 0x10000;
        var process = new RecordedProcess
        {
            Bounds = new(Start, 0x40000000, 65536),
            PageFlags = address => Flags(address * 0x9E3779B97F4A7C15 ^ seed),
            Peb = Start,
            SystemDllInitBlock = Start + 0x800,
        };
        var next = Start;
        foreach (var (gap, type, regions) in allocations)
        {
            next += gap * 65536;
            var allocation = next;
            foreach (var (pages, committed, protection) in regions)
            {
                process.Add(next, pages * 4096, allocation, type == MemoryType.Image ? PageProtection.ExecuteWriteCopy : PageProtection.ReadWrite,
                    committed ? MemoryState.Commit : MemoryState.Reserve, committed ? protection : PageProtection.None, type);
                next += pages * 4096;
            }
            next = (next + 0xffff) & ~0xfffful;
        }
        // Pointers from anywhere to anywhere: what the probe follows leads to nonsense, also to itself.
        foreach (var (page, slot, target) in pointers)
        {
            process.Write(Start + ((ulong)page * 4096) + ((ulong)slot * 8), Start + ((ulong)target * 2048), 8);
        }
        foreach (var page in signatures)
        {
            process.Write(Start + ((ulong)page * 4096) + 0x10, page % 2 == 0 ? 0xFFEEFFEE : 0xDDEEDDEE, 4);
            process.Write(Start + ((ulong)page * 4096) + 0x98, 0xEEFFEEFF, 4);
        }
        process.Write(Start + 0xE8, seed % 5, 4);
        process.Write(Start + 0xF0, Start + (seed % 30 * 8), 8);
        process.ThreadList.Add(new WindowsThread(1, Start + 0x1000, ""));
        process.ThreadList.Add(new WindowsThread(2, Start + (seed % 40 * 4096), "t"));
        return process;
    }

    private static ulong Flags(ulong random) => (random >> 20 & 0xF) | (random >> 24 & 0x8000) | (random >> 30 & 0x400000);
}
