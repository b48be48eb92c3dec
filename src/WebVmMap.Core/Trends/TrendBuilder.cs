using System.Collections.Immutable;
using System.Runtime.InteropServices;
using WebVmMap.Core.Diffs;
using WebVmMap.Core.Regions;
using WebVmMap.Core.Snapshots;

namespace WebVmMap.Core.Trends;

/// <summary>
/// Follows the memory of a process through snapshots that are given one after the other, oldest first. It keeps the first and
/// the last of them, and of the others a number for each name. Not thread-safe.
/// </summary>
/// <param name="metric">The figure to follow; Private shows leaks best.</param>
public sealed class TrendBuilder(RegionMetric metric)
{
    /// <summary>Fewer snapshots make no trend: three rises are the least that tells a habit from an event.</summary>
    public const int MinSnapshots = 4;

    /// <summary>More than these are refused: each name costs n² / 2 steps.</summary>
    public const int MaxSnapshots = 500;

    /// <summary>Names that are followed one by one.</summary>
    public const int MaxNames = 20_000;

    /// <summary>Regions that are listed of one suspect.</summary>
    public const int MaxRegions = 50;

    /// <summary>The name under which the further names of a category stand together.</summary>
    public const string OtherNames = "(other names)";

    private readonly Dictionary<(RegionCategory Category, string Name), int> _groups = [];
    private readonly List<List<long>> _bytes = [];
    private readonly List<DateTimeOffset> _times = [];
    private readonly HashSet<(RegionCategory, string)> _together = [];
    private Snapshot? _first;
    private Snapshot? _last;

    /// <summary>How many snapshots have been given.</summary>
    public int Count => _times.Count;

    /// <summary>Takes the next snapshot.</summary>
    /// <exception cref="ArgumentException">It is of another process, older than the last one, or one too many.</exception>
    public void Add(Snapshot snapshot)
    {
        if (_first is { } first && (first.Process.Key != snapshot.Process.Key || first.Platform != snapshot.Platform))
        {
            throw new ArgumentException(
                $"A trend is of one process: this snapshot is of process {snapshot.Process.Key.Pid}, the first one is of another, {first.Process.Key.Pid}, or of an earlier one of that id.",
                nameof(snapshot));
        }
        if (_last is { } last && snapshot.TakenAt < last.TakenAt)
        {
            throw new ArgumentException("The snapshots of a trend have to be given from the oldest to the newest.", nameof(snapshot));
        }
        if (_times.Count == MaxSnapshots)
        {
            throw new ArgumentException($"A trend takes at most {MaxSnapshots} snapshots.", nameof(snapshot));
        }
        _first ??= snapshot;
        _last = snapshot;
        _times.Add(snapshot.TakenAt);
        AddBytes(snapshot.Regions);
    }

    /// <summary>What the snapshots show so far.</summary>
    /// <exception cref="InvalidOperationException">There are fewer than <see cref="MinSnapshots"/>.</exception>
    public Trend Build()
    {
        if (_times.Count < MinSnapshots || _first is not { } first || _last is not { } last)
        {
            throw new InvalidOperationException($"A trend needs at least {MinSnapshots} snapshots of a process; there are {_times.Count}.");
        }
        var hours = _times.Select(time => (time - _times[0]).TotalHours).ToArray();
        var names = _groups.ToDictionary(group => group.Value, group => group.Key);
        var judged = Enumerable.Range(0, _bytes.Count)
            .Select(group => TrendJudgement.Judge(names[group].Category, names[group].Name, hours, [.. Padded(_bytes[group])]))
            .ToList();
        var suspects = judged.Where(series => series.Kind != TrendKind.Steady).ToList();
        suspects.Sort(Rank);
        return new Trend
        {
            Process = first.Process.Key,
            Metric = metric,
            Times = [.. _times],
            Total = TrendJudgement.Judge(RegionCategory.Unspecified, "", hours, Sum(judged)),
            Categories =
            [
                .. judged.GroupBy(series => series.Category).OrderBy(category => category.Key)
                    .Select(category => TrendJudgement.Judge(category.Key, "", hours, Sum(category))),
            ],
            Suspects = WithRegions(suspects, first, last),
            NamesTogether = _together.Count,
        };
    }

    private static int Rank(TrendSeries a, TrendSeries b)
    {
        var byKind = a.Kind.CompareTo(b.Kind);
        if (byKind != 0)
        {
            return byKind;
        }
        var byGrowth = a.Kind == TrendKind.Growing ? b.Slope.Low.CompareTo(a.Slope.Low) : (b.Last - b.First).CompareTo(a.Last - a.First);
        return byGrowth != 0 ? byGrowth : string.CompareOrdinal(a.Name, b.Name);
    }

    private void AddBytes(RegionTable regions)
    {
        var known = new Dictionary<(RegionCategory, int), int>();
        for (var row = 0; row < regions.Count; row++)
        {
            var category = regions.Categories[row];
            if (category.IsGap())
            {
                continue;
            }
            ref var group = ref CollectionsMarshal.GetValueRefOrAddDefault(known, (category, regions.Details[row]), out var exists);
            if (!exists)
            {
                group = GroupOf(category, DetailIdentity.Of(regions.DetailText(row)));
            }
            CollectionsMarshal.AsSpan(Padded(_bytes[group]))[^1] += regions.Value(metric, row);
        }
    }

    private int GroupOf(RegionCategory category, string name)
    {
        if (_groups.TryGetValue((category, name), out var group))
        {
            return group;
        }
        if (_groups.Count >= MaxNames && name != OtherNames)
        {
            if (_together.Count < MaxNames)
            {
                _together.Add((category, name));
            }
            return GroupOf(category, OtherNames);
        }
        group = _bytes.Count;
        _bytes.Add([]);
        _groups.Add((category, name), group);
        return group;
    }

    /// <summary>A name that was not there has 0 bytes.</summary>
    private List<long> Padded(List<long> bytes)
    {
        while (bytes.Count < _times.Count)
        {
            bytes.Add(0);
        }
        return bytes;
    }

    private ImmutableArray<long> Sum(IEnumerable<TrendSeries> series)
    {
        var sums = new long[_times.Count];
        foreach (var one in series)
        {
            for (var i = 0; i < sums.Length; i++)
            {
                sums[i] += one.Bytes[i];
            }
        }
        return ImmutableCollectionsMarshal.AsImmutableArray(sums);
    }

    /// <summary>Finds which regions of the newest snapshot hold what has grown since the oldest.</summary>
    private ImmutableArray<TrendSeries> WithRegions(List<TrendSeries> suspects, Snapshot first, Snapshot last)
    {
        var diff = SnapshotDiff.Between(first, last, sameHost: true).Regions;
        var byGroup = new Dictionary<int, List<int>>();
        for (var row = 0; row < diff.Count; row++)
        {
            if (diff.AfterRows[row] >= 0 && diff.Delta(metric, row) > 0)
            {
                var group = GroupOf(diff.Category(row), DetailIdentity.Of(diff.DetailText(row)));
                if (!byGroup.TryGetValue(group, out var rows))
                {
                    byGroup.Add(group, rows = []);
                }
                rows.Add(row);
            }
        }
        return
        [
            .. suspects.Select(suspect => !byGroup.TryGetValue(GroupOf(suspect.Category, suspect.Name), out var rows) ? suspect : suspect with
            {
                RegionCount = rows.Count,
                Regions =
                [
                    .. rows.OrderByDescending(row => diff.Delta(metric, row)).Take(MaxRegions).Select(row => new TrendRegion(
                        diff.Address(row), diff.DetailText(row), diff.ValueBefore(metric, row), diff.ValueAfter(metric, row))),
                ],
            }),
        ];
    }
}
