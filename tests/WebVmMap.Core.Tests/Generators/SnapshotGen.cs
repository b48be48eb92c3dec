using System.Collections.Immutable;
using CsCheck;
using WebVmMap.Core.Processes;
using WebVmMap.Core.Regions;
using WebVmMap.Core.Snapshots;

namespace WebVmMap.Core.Tests.Generators;

/// <summary>Snapshots of generated tables.</summary>
internal static class SnapshotGen
{
    public static readonly AddressSpaceBounds LinuxBounds = new(0x10000, 0x7fff_ffff_f000, 4096);
    public static readonly AddressSpaceBounds WindowsBounds = new(0x10000, 0x7fff_ffff_0000, 65536);

    private static readonly Gen<string> s_text = Gen.OneOf(
        Gen.Const(""), Gen.String[Gen.Char.AlphaNumeric, 0, 20], Gen.Const("ä🗺️\u0000\n"));
    // Low enough that a summary's sums with them stay within 64 bits.
    private static readonly Gen<long?> s_counter = Gen.OneOf(Gen.Const((long?)null), Gen.Long[0, 1L << 60].Select(v => (long?)v));

    // Times travel in whole milliseconds and costs in whole microseconds.
    private static readonly Gen<DateTimeOffset> s_time = Gen.Long[0, 4_000_000_000_000].Select(DateTimeOffset.FromUnixTimeMilliseconds);
    private static readonly Gen<double> s_cost = Gen.Long[0, 1_000_000_000].Select(us => us / 1000.0);

    private static readonly Gen<ProcessInfo> s_process =
        Gen.Select(Gen.Int[0, int.MaxValue], Gen.Long, s_text.Array[5], Gen.Bool, s_time, Gen.Long[0, long.MaxValue].Array[2])
            .Select((pid, stamp, texts, managed, start, bytes) => new ProcessInfo
            {
                Key = new ProcessKey(pid, stamp),
                ParentPid = pid / 2,
                Name = texts[0],
                CommandLine = texts[1],
                User = texts[2],
                Architecture = texts[3],
                Managed = managed,
                StartTime = start,
                PrivateBytes = bytes[0],
                WorkingSetBytes = bytes[1],
                Limitation = texts[4],
            });

    private static readonly Gen<ImmutableArray<SnapshotNote>> s_notes =
        Gen.Select(Gen.Int[1, 3], s_text)
            .Select((kind, text) => new SnapshotNote((SnapshotNoteKind)kind, text))
            .Array[0, 4].Select(ImmutableArray.Create);

    /// <summary>Any snapshot.</summary>
    public static readonly Gen<Snapshot> Any = Of(TableGen.Observed);

    /// <summary>Snapshots of some tables.</summary>
    public static Gen<Snapshot> Of(Gen<RegionTable> tables) =>
        Gen.Select(tables, Gen.Bool, s_process, s_time, Gen.Select(s_cost, s_cost), s_counter.Array[6], s_notes)
            .Select((table, windows, process, time, cost, counters, notes) => new Snapshot(table, windows ? WindowsBounds : LinuxBounds)
            {
                Platform = windows ? HostPlatform.Windows : HostPlatform.Linux,
                Process = process,
                TakenAt = time,
                Cost = new SnapshotCost(cost.Item1, cost.Item2),
                Counters = new ProcessCounters
                {
                    WorkingSet = counters[0],
                    PrivateCommit = counters[1],
                    ResidentAnonymous = counters[2],
                    Swap = counters[3],
                    VirtualSize = counters[4],
                    PageTable = counters[5],
                },
                Notes = notes,
            });
}
