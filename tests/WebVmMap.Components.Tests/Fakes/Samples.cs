using System.Collections.Immutable;
using WebVmMap.Core.Processes;
using WebVmMap.Core.Regions;
using WebVmMap.Core.Snapshots;
using WebVmMap.Hub.Live;

namespace WebVmMap.Components.Tests.Fakes;

/// <summary>Snapshots and states to show.</summary>
internal static class Samples
{
    public const long StartStamp = 8123456;
    private const long Ki = 1024;
    private const long Mi = 1024 * Ki;
    private const Protection Rw = Protection.Read | Protection.Write;
    private const Protection Rx = Protection.Read | Protection.Execute;

    public static DateTimeOffset Noon { get; } = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    public static ProcessInfo Node { get; } = new()
    {
        Key = new ProcessKey(24711, StartStamp),
        ParentPid = 1,
        Name = "node",
        CommandLine = "/usr/bin/node server.js --port 8080",
        User = "app",
        Architecture = "x64",
        StartTime = Noon.AddHours(-3),
        PrivateBytes = 103 * Mi,
        WorkingSetBytes = 163 * Mi,
    };

    /// <summary>A small process: an image of three regions, a heap, a stack with its guard, private data, a shared segment.</summary>
    public static Snapshot Small(long heapResident = 6 * Mi, ProcessCounters counters = default, HostPlatform platform = HostPlatform.Linux, params SnapshotNote[] notes)
    {
        var texts = new StringTable();
        var table = new RegionTableBuilder();
        Add(table, texts, 0x400000, 0x400000, 8 * Mi, RegionCategory.Image, Protection.Read, "/usr/bin/node", shareable: 6 * Mi);
        Add(table, texts, 0xc00000, 0x400000, 26 * Mi, RegionCategory.Image, Rx, "/usr/bin/node", shareable: 20 * Mi);
        Add(table, texts, 0x2600000, 0x400000, 124 * Ki, RegionCategory.Image, Rw, "/usr/bin/node", privateWs: 100 * Ki, privateBytes: 124 * Ki);
        Add(table, texts, 0x1532f0000, 0x1532f0000, 8 * Mi, RegionCategory.Heap, Rw, "[heap]", privateWs: heapResident, privateBytes: 8 * Mi);
        Add(table, texts, 0x7f0000000000, 0x7f0000000000, 4 * Ki, RegionCategory.Stack, Protection.None, "thread 24712 worker", committed: 0);
        Add(table, texts, 0x7f0000001000, 0x7f0000000000, 8 * Mi, RegionCategory.Stack, Rw, "thread 24712 worker", privateWs: 144 * Ki, privateBytes: 8 * Mi);
        Add(table, texts, 0x7f1000000000, 0x7f1000000000, 32 * Mi, RegionCategory.PrivateData, Rw, "", privateWs: 31 * Mi, privateBytes: 32 * Mi);
        Add(table, texts, 0x7f2000000000, 0x7f2000000000, 36 * Ki, RegionCategory.Shareable, Rw | Protection.Shared, "/dev/shm/ring", shareable: 4 * Ki);
        return Build(table, texts, counters, platform, notes);
    }

    /// <summary>What a host without working set figures tells: one heap, committed, nothing resident.</summary>
    public static Snapshot NothingResident()
    {
        var texts = new StringTable();
        var table = new RegionTableBuilder();
        Add(table, texts, 0x10000, 0x10000, 8 * Mi, RegionCategory.Heap, Rw, "Heap ID: 1", privateBytes: 8 * Mi);
        return Build(table, texts, default, HostPlatform.Windows);
    }

    /// <summary>Many allocations of two regions each, with figures that differ from row to row.</summary>
    public static Snapshot Large(int regions)
    {
        var texts = new StringTable();
        var table = new RegionTableBuilder(regions);
        ulong address = 0x10000;
        for (var row = 0; row < regions; row++)
        {
            var even = row % 2 == 0;
            var size = (1 + row * 7 % 13) * 4 * Ki;
            var category = (RegionCategory)(1 + row / 2 % 7);
            Add(
                table, texts, address, even ? address : address - (ulong)((1 + (row - 1) * 7 % 13) * 4 * Ki), size, category, even ? Rw : Protection.Read,
                $"/lib/file{row / 2 % 50}.so", privateWs: row % 3 * 4 * Ki, privateBytes: row % 3 * 4 * Ki);
            address += (ulong)size + (even ? 0UL : 0x1000);
        }
        return Build(table, texts, default, HostPlatform.Linux);
    }

    public static LiveProcessState Live(Snapshot? snapshot = null, long sequence = 1)
    {
        var shown = snapshot ?? Small();
        return new()
        {
            Status = LiveStatus.Live,
            Since = Noon,
            Snapshot = shown,
            Sequence = sequence,
            Counters = shown.Counters,
            IntervalMs = 2000,
            EffectiveIntervalMs = 2000,
            CpuShare = 0.004,
            Timeline = Timeline(shown, 40),
        };
    }

    public static ImmutableArray<TimelinePoint> Timeline(Snapshot snapshot, int count) =>
    [
        .. Enumerable.Range(0, count).Select(i =>
        {
            var totals = Enumerable.Range(0, RegionCategories.Length)
                .Select(c => c == 0 ? default : snapshot.Summary[(RegionCategory)c])
                .Select(row => row is null ? default : new CategoryTotals(row.Committed, row.Private, row.TotalWs * (80 + i % 20) / 100));
            var counters = new ProcessCounters { WorkingSet = snapshot.Summary.Total.TotalWs * (80 + i % 20) / 100 };
            return new TimelinePoint(snapshot.TakenAt.AddSeconds(i - count), counters, i % 2 == 0 ? [.. totals] : []);
        }),
    ];

    private static Snapshot Build(RegionTableBuilder table, StringTable texts, ProcessCounters counters, HostPlatform platform, params SnapshotNote[] notes) =>
        new(table.Build(texts.Seal()), new AddressSpaceBounds(0x10000, 0x7ffffffff000, 4096))
        {
            Platform = platform,
            Process = Node,
            TakenAt = Noon,
            Cost = new SnapshotCost(12.4, 9.8),
            Counters = counters,
            Notes = [new SnapshotNote(SnapshotNoteKind.Method, "Heaps were found by name."), .. notes],
        };

    private static void Add(
        RegionTableBuilder table,
        StringTable texts,
        ulong address,
        ulong allocation,
        long size,
        RegionCategory category,
        Protection protection,
        string detail,
        long? committed = null,
        long privateBytes = 0,
        long privateWs = 0,
        long shareable = 0) => table.Add(new Region
        {
            Address = address,
            Size = size,
            AllocationBase = allocation,
            Category = category,
            Protection = protection,
            Detail = texts.Intern(detail),
            Committed = committed ?? size,
            Private = privateBytes,
            PrivateWs = privateWs,
            ShareableWs = shareable,
            SharedWs = shareable / 2 / 4096 * 4096,
        });
}
