using BenchmarkDotNet.Attributes;
using WebVmMap.Core.Diffs;
using WebVmMap.Core.Regions;
using WebVmMap.Core.Snapshots;
using WebVmMap.Testing;

namespace WebVmMap.Benchmarks;

/// <summary>
/// Two snapshots compared, one region in a hundred changed; beside it what one would write first: a dictionary by address and LINQ.
/// That one knows no splits, allocations, identity or summary.
/// </summary>
[MemoryDiagnoser]
public class DiffBenchmarks
{
    private RegionTable _older = RegionTable.Empty;
    private RegionTable _newer = RegionTable.Empty;
    private Snapshot _before = null!;
    private Snapshot _after = null!;
    private SnapshotDiff _diff = null!;

    [Params(100_000)]
    public int Regions { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _before = BigProcess.Take(Regions);
        _after = BigProcess.After(_before, 1);
        _older = _before.Regions;
        _newer = _after.Regions;
        _diff = ByAddress();
    }

    /// <summary>With allocations and summaries known, as a page has them that shows the snapshots.</summary>
    [Benchmark]
    public SnapshotDiff ByAddress() => SnapshotDiff.Between(_before, _after, DiffMatching.Address);

    [Benchmark]
    public SnapshotDiff ByIdentity() => SnapshotDiff.Between(_before, _after, DiffMatching.Identity);

    /// <summary>From two snapshots just read: allocations and both summaries too, and the list by growth.</summary>
    [Benchmark]
    public int Whole()
    {
        var diff = SnapshotDiff.Between(Anew(_older, _before), Anew(_newer, _after), sameHost: true);
        return diff.Summary.Rows.Length + new DiffQuery { Metric = RegionMetric.Private }.Regions(diff).Length;
    }

    [Benchmark]
    public byte[] Encode() => DiffCodec.Encode(_diff);

    [Benchmark(Baseline = true)]
    public int DictionaryAndLinq()
    {
        var before = Rows(_older).ToDictionary(row => row.Region.Address);
        var after = Rows(_newer).ToDictionary(row => row.Region.Address);
        var removed = before.Where(pair => !after.ContainsKey(pair.Key)).Select(pair => (pair.Key, -pair.Value.Region.Size));
        var added = after.Where(pair => !before.ContainsKey(pair.Key)).Select(pair => (pair.Key, pair.Value.Region.Size));
        var changed = after.Where(pair => before.TryGetValue(pair.Key, out var old) && old != pair.Value)
            .Select(pair => (pair.Key, pair.Value.Region.Size - before[pair.Key].Region.Size));
        return removed.Concat(added).Concat(changed).OrderByDescending(row => row.Item2).Count();
    }

    private static IEnumerable<(Region Region, string Details)> Rows(RegionTable table) => Enumerable.Range(0, table.Count)
        .Where(row => !table.Categories[row].IsGap())
        .Select(row => (table[row] with { Detail = 0 }, table.DetailText(row)));

    private static Snapshot Anew(RegionTable regions, Snapshot like) => new(regions, like.Bounds)
    {
        Platform = like.Platform,
        Process = like.Process,
        TakenAt = like.TakenAt,
        Counters = like.Counters,
    };
}
