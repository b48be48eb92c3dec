using System.Text.Json;
using WebVmMap.Core.Diffs;
using WebVmMap.Core.Processes;
using WebVmMap.Core.Regions;

namespace WebVmMap.Core.Tests.Diffs;

/// <summary>
/// The bytes in tests/Shared/diffs: they change only when the format does, or how regions are matched. After such a change run
/// these tests once with WEBVMMAP_RECORD=1, which writes the files anew, and read the difference.
/// </summary>
public sealed class RecordedDiffsTests
{
    private const Protection Read = Protection.Read;
    private const Protection Code = Protection.Read | Protection.Execute;
    private const Protection Open = Protection.Read | Protection.Write;

    private static readonly Dictionary<string, Func<RecordedDiff>> s_scenarios = new()
    {
        ["same-process.json"] = SameProcess,
        ["two-runs.json"] = TwoRuns,
        ["nothing.json"] = Nothing,
    };

    public static TheoryData<string> Names => [.. s_scenarios.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Encode_Scenario_GivesTheRecordedBytes(string name)
    {
        var made = JsonSerializer.Serialize(s_scenarios[name](), SharedFiles.Json) + "\n";
        var path = Path.Combine("diffs", name);
        if (Environment.GetEnvironmentVariable("WEBVMMAP_RECORD") == "1")
        {
            Directory.CreateDirectory(SharedFiles.PathOf("diffs"));
            File.WriteAllText(SharedFiles.PathOf(path), made);
        }
        Assert.Equal(SharedFiles.Read(path), made);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Decode_RecordedBytes_GivesTheRecordedRows(string name)
    {
        var recorded = JsonSerializer.Deserialize<RecordedDiff>(SharedFiles.Read(Path.Combine("diffs", name)), SharedFiles.Json)!;
        var bytes = Convert.FromBase64String(recorded.Base64);
        var sent = DiffCodec.Decode(bytes);
        Assert.Equivalent(recorded, RecordedDiff.Expect(recorded.About, bytes, sent.Platform, sent.Regions), strict: true);
    }

    private static RecordedDiff SameProcess() => RecordedDiff.Of(
        "A Linux process at two moments: the heap grew over its reserve, a stack downwards, a part of a mapping changed protection, a file went, a library came.",
        SnapshotDiff.Between(
            new MadeSnapshot()
                .Add(0x5555_5555_4000, RegionCategory.Image, "/usr/bin/leaker", (2, Read), (9, Code), (1, Open))
                .Add(0x5555_5557_0000, RegionCategory.Heap, "[heap]", (33, Open))
                .Add(0x7000_0000_0000, RegionCategory.Heap, "arena 0x700000000030", (10, Open), (90, Protection.None))
                .Add(0x7100_0000_0000, RegionCategory.MappedFile, "/srv/Übersicht 日本.dat", (256, Read | Protection.Shared))
                .Add(0x7200_0000_0000, RegionCategory.PrivateData, "", (100, Open))
                .Add(0x7fff_fff0_0000, RegionCategory.Stack, "[stack] Thread 4711 (leaker)", (33, Open)).Take(),
            new MadeSnapshot()
                .Add(0x5555_5555_4000, RegionCategory.Image, "/usr/bin/leaker", (2, Read), (9, Code), (1, Open))
                .Add(0x5555_5557_0000, RegionCategory.Heap, "[heap]", (66, Open))
                .Add(0x6f00_0000_0000, RegionCategory.Image, "/usr/lib/libz.so.1", (3, Read), (20, Code), (2, Read), (1, Open))
                .Add(0x7000_0000_0000, RegionCategory.Heap, "arena 0x700000000030", (70, Open), (30, Protection.None))
                .Add(0x7200_0000_0000, RegionCategory.PrivateData, "", (80, Read), (20, Open))
                .Add(0x7fff_ffe0_0000, RegionCategory.Stack, "[stack] Thread 4711 (leaker)", (256 + 33, Open)).Take(),
            sameHost: true));

    private static RecordedDiff TwoRuns() => RecordedDiff.Of(
        "A Windows program in two runs: all addresses differ, a library has another version, a thread ended, a heap grew.",
        SnapshotDiff.Between(
            new MadeSnapshot { Platform = HostPlatform.Windows }
                .Add(0x1f_0000, RegionCategory.Stack, "Thread 4711", (2, Open | Protection.Guard), (14, Open))
                .Add(0x2f_0000, RegionCategory.Stack, "Thread 4712", (2, Open | Protection.Guard), (14, Open))
                .Add(0x40_0000, RegionCategory.Heap, "Heap 1 (process)", (3, Open), (13, Protection.Reserved))
                .Add(0x7ffa_1000_0000, RegionCategory.Image, @"C:\Program Files\App\libssl-1_1.dll", (1, Read), (300, Code), (4, Open)).Take(),
            new MadeSnapshot { Platform = HostPlatform.Windows, Key = new ProcessKey(99, 9) }
                .Add(0x3f_0000, RegionCategory.Stack, "Thread 91", (2, Open | Protection.Guard), (14, Open))
                .Add(0x50_0000, RegionCategory.Heap, "Heap 1 (process)", (9, Open), (7, Protection.Reserved))
                .Add(0x7ffb_3000_0000, RegionCategory.Image, @"C:\Program Files\App\libssl-3_0.dll", (1, Read), (400, Code), (4, Open)).Take(),
            sameHost: true));

    private static RecordedDiff Nothing() => RecordedDiff.Of(
        "No regions on either side.", SnapshotDiff.Between(new MadeSnapshot().Take(), new MadeSnapshot().Take(), sameHost: true));
}
