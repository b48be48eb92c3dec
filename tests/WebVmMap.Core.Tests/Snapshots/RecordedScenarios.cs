using WebVmMap.Core.Processes;
using WebVmMap.Core.Regions;
using WebVmMap.Core.Snapshots;
using WebVmMap.Core.Tests.Generators;

namespace WebVmMap.Core.Tests.Snapshots;

/// <summary>The pictures that tests/Shared/frames were recorded from.</summary>
internal static class RecordedScenarios
{
    private const RegionCategory Image = RegionCategory.Image;
    private const RegionCategory Heap = RegionCategory.Heap;

    public static IReadOnlyDictionary<string, Func<RecordedStream>> All { get; } = new Dictionary<string, Func<RecordedStream>>
    {
        ["linux-agent.json"] = LinuxAgent,
        ["windows-browser.json"] = WindowsBrowser,
        ["edges.json"] = Edges,
    };

    private static RecordedStream LinuxAgent()
    {
        var texts = new StringTable();
        Region[] Program(long heapPages) =>
        [
            Row(0x5555_5555_4000, 2, Image, Protection.Read, texts.Intern("/usr/bin/leaker")) with { ShareableWs = 8192, Pss = 5120, SharedWs = 4096 },
            Row(0x5555_5555_6000, 1, Image, Protection.Read | Protection.Write, texts.Intern("/usr/bin/leaker")) with
            {
                AllocationBase = 0x5555_5555_4000, Private = 4096, PrivateWs = 4096, Pss = 4096,
            },
            Row(0x5555_5557_0000, heapPages, Heap, Protection.Read | Protection.Write, texts.Intern("[heap]")) with
            {
                Private = heapPages * 4096, PrivateWs = heapPages * 4096 - 4096, Swap = 4096, Pss = heapPages * 4096 - 4096,
            },
            Row(0x7fff_f7d0_0000, 16384, RegionCategory.PrivateData, Protection.None, 0) with
            {
                Committed = 135_168, Private = 135_168, PrivateWs = 4096,
            },
            Row(0x7fff_fffd_e000, 33, RegionCategory.Stack, Protection.Read | Protection.Write, texts.Intern("Thread 4711 (leaker)")) with
            {
                Private = 135_168, PrivateWs = 12_288, LockedWs = 4096,
            },
            // Above every bound: no gap row may be derived there.
            Row(0xffff_ffff_ff60_0000, 1, Image, Protection.Execute, texts.Intern("[vsyscall]")),
        ];
        var first = Linux(0, texts, Program(33));
        var grown = Linux(1, texts, Program(66));
        var unchanged = Linux(2, texts, Program(66));
        var file = Row(0x7fff_fc00_0000, 256, RegionCategory.MappedFile, Protection.Read | Protection.Shared, texts.Intern("/srv/Übersicht 日本.dat"));
        var mapped = Linux(3, texts, [.. Program(66)[..4], file, .. Program(66)[4..]]);
        var shrunk = Linux(4, texts, [.. Program(66)[..3], .. Program(66)[4..]]);
        return RecordedStream.Of(
            "A Linux process as its agent sends it: the heap grows, nothing happens, a file is mapped, it and a reserve go away.",
            false,
            (first, false), (grown, false), (unchanged, false), (mapped, false), (shrunk, false));
    }

    private static RecordedStream WindowsBrowser()
    {
        var texts = new StringTable();
        var dll = texts.Intern("C:\\Windows\\System32\\ntdll.dll");
        Region[] before =
        [
            Row(0x1f_0000, 2, RegionCategory.Stack, Protection.Read | Protection.Write | Protection.Guard, texts.Intern("Thread 4711")),
            Row(0x20_0000, 3, Heap, Protection.Read | Protection.Write, texts.Intern("Heap 1 (process)")) with { Private = 12_288, PrivateWs = 8192 },
            Row(0x20_3000, 13, Heap, Protection.Reserved, texts.Intern("Heap 1 (process)")) with { AllocationBase = 0x20_0000, Committed = 0 },
            Row(0x7ffa_1000_0000, 1, Image, Protection.Read, dll) with { ShareableWs = 4096, SharedWs = 4096 },
            Row(0x7ffa_1000_1000, 300, Image, Protection.Read | Protection.Execute, dll) with
            {
                AllocationBase = 0x7ffa_1000_0000, ShareableWs = 999_424,
            },
            Row(0x7ffa_1012_d000, 4, Image, Protection.Read | Protection.CopyOnWrite, dll) with { AllocationBase = 0x7ffa_1000_0000 },
        ];
        var anew = new StringTable();
        anew.Intern("begun anew");
        Region[] after = [.. before[..1], before[1] with { Size = 8 * 4096, Committed = 8 * 4096, Private = 8 * 4096 }, .. before[3..]];
        Region[] much = [.. Enumerable.Range(0, 40).Select(i => Row(0x1000_0000 + (ulong)i * 0x3_0000, 5, RegionCategory.PrivateData, Protection.Read, 1))];
        var missing = new SnapshotNote(SnapshotNoteKind.Limitation, "The working set columns are empty: the system does not tell them.");
        return RecordedStream.Of(
            "A Windows process as the hub sends it to a browser, gaps and notes included: a heap changes; frame 3 is lost, so 4 is a key frame; then texts begin anew.",
            true,
            (Windows(0, texts, before, missing), false),
            (Windows(1, texts, after, missing, new SnapshotNote(SnapshotNoteKind.ChangedWhileRead, "private bytes: 20,480 → 36,864")), false),
            (Windows(2, texts, before), true),
            (Windows(4, texts, after), false),
            (Windows(5, texts, before), false),
            (Windows(6, anew, much), false));
    }

    private static RecordedStream Edges()
    {
        var texts = new StringTable();
        var longText = texts.Intern(new string('x', 300));
        var emoji = texts.Intern("🗺️ map");
        var many = Enumerable.Range(0, 400)
            .Select(i => Row(0x10_0000 + (ulong)i * 0x1000, 1, i % 100 == 99 ? Heap : RegionCategory.PrivateData, 0, i % 7 == 0 ? emoji : 0) with
            {
                Protection = i == 200 ? Protection.Read : Protection.None,
                AllocationBase = 0x10_0000,
                Committed = 0,
                Swap = i == 399 ? 1 : 0,
            })
            .ToArray();
        Region[] odd =
        [
            Row(0, 1, RegionCategory.MappedFile, (Protection)511, longText) with
            {
                Committed = 1, Private = 3, PrivateWs = 5, ShareableWs = 7, SharedWs = 9, LockedWs = 11, Pss = 13, Swap = 15,
            },
            Row(0x1000, 1, Heap, Protection.None, emoji) with { AllocationBase = 0, Committed = 0, Private = 1L << 52 },
            Row(0x7000_0000_0000, 1L << 33, RegionCategory.ManagedHeap, Protection.NoCache | Protection.WriteCombine, 0) with
            {
                Committed = 1L << 45, Pss = (1L << 53) - 1024,
            },
            Row(0xffff_ffff_ffff_f000, 1, Image, Protection.Execute, longText) with { AllocationBase = 0xffff_0000_0000_0000 },
        ];
        return RecordedStream.Of(
            "Rarities: no regions, long runs of zeros, negative differences, odd byte counts, address 0, the last page, wide numbers.",
            false,
            (Linux(0, texts, []), false),
            (Linux(1, texts, many), false),
            (Linux(2, texts, odd), false),
            (Linux(3, texts, many[..399]), false),
            (Linux(4, texts, []), false));
    }

    private static Region Row(ulong address, long pages, RegionCategory category, Protection protection, int detail) => new()
    {
        Address = address,
        Size = pages * 4096,
        AllocationBase = address,
        Category = category,
        Protection = protection,
        Detail = detail,
        Committed = pages * 4096,
    };

    private static Snapshot Linux(int second, StringTable texts, Region[] rows) =>
        Snapshot(second, texts, rows, HostPlatform.Linux, SnapshotGen.LinuxBounds);

    private static Snapshot Windows(int second, StringTable texts, Region[] rows, params SnapshotNote[] notes) =>
        Snapshot(second, texts, rows, HostPlatform.Windows, SnapshotGen.WindowsBounds, notes);

    private static Snapshot Snapshot(
        int second, StringTable texts, Region[] rows, HostPlatform platform, AddressSpaceBounds bounds, params SnapshotNote[] notes)
    {
        var builder = new RegionTableBuilder();
        foreach (var row in rows)
        {
            builder.Add(row);
        }
        return new Snapshot(builder.Build(texts.Seal()), bounds)
        {
            Platform = platform,
            Process = new ProcessInfo { Key = new ProcessKey(4711, 1), Name = "leaker" },
            TakenAt = new DateTimeOffset(2026, 11, 22, 12, 0, second, TimeSpan.Zero),
            Cost = new SnapshotCost(1.5 + second, 0.25),
            Counters = new ProcessCounters
            {
                WorkingSet = 1_000_000 + second,
                PrivateCommit = platform == HostPlatform.Windows ? 0 : null,
                ResidentAnonymous = second == 0 ? null : 5000L * second,
                VirtualSize = 1L << 46,
                PageTable = 73_728,
            },
            Notes = [.. notes],
        };
    }
}
