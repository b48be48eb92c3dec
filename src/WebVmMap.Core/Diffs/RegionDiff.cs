using WebVmMap.Core.Regions;

namespace WebVmMap.Core.Diffs;

/// <summary>
/// The union of the regions in use of two snapshots, as columns: every region of either stands in exactly one row, and a row
/// holds the region before, the region after, or both. Rows are grouped by allocation (see <see cref="FirstRegion"/>), so that
/// pictures which lay them out keep boxes in place. Free and Unusable rows take no part. Immutable and thread-safe.
/// </summary>
public sealed class RegionDiff
{
    private readonly int[] _beforeRows;
    private readonly int[] _afterRows;
    private readonly RegionChange[] _changes;
    private readonly DiffAspects[] _aspects;
    private readonly int[] _first;
    private readonly RegionChange[] _allocationChanges;
    private readonly DiffAspects[] _allocationAspects;

    internal RegionDiff(
        DiffMatching matching,
        RegionTable before,
        RegionTable after,
        int[] beforeRows,
        int[] afterRows,
        RegionChange[] changes,
        DiffAspects[] aspects,
        int[] first)
    {
        Matching = matching;
        Before = before;
        After = after;
        _beforeRows = beforeRows;
        _afterRows = afterRows;
        _changes = changes;
        _aspects = aspects;
        _first = first;
        _allocationChanges = new RegionChange[first.Length - 1];
        _allocationAspects = new DiffAspects[first.Length - 1];
        for (var allocation = 0; allocation < _allocationChanges.Length; allocation++)
        {
            (_allocationChanges[allocation], _allocationAspects[allocation]) = AllocationChange.Of(this, allocation);
        }
        var changed = 0;
        foreach (var change in changes)
        {
            changed += change == RegionChange.Same ? 0 : 1;
        }
        ChangedCount = changed;
    }

    /// <summary>How the rows were brought together.</summary>
    public DiffMatching Matching { get; }

    /// <summary>The regions that <see cref="BeforeRows"/> indexes.</summary>
    public RegionTable Before { get; }

    /// <summary>The regions that <see cref="AfterRows"/> indexes.</summary>
    public RegionTable After { get; }

    /// <summary>How many rows there are, those that stayed the same included.</summary>
    public int Count => _changes.Length;

    /// <summary>How many rows differ.</summary>
    public int ChangedCount { get; }

    /// <summary>Row in <see cref="Before"/>, or -1 where a region was added.</summary>
    public ReadOnlySpan<int> BeforeRows => _beforeRows;

    /// <summary>Row in <see cref="After"/>, or -1 where a region was removed.</summary>
    public ReadOnlySpan<int> AfterRows => _afterRows;

    /// <summary>What became of each region.</summary>
    public ReadOnlySpan<RegionChange> Changes => _changes;

    /// <summary>In what each region differs.</summary>
    public ReadOnlySpan<DiffAspects> Aspects => _aspects;

    /// <summary>How many allocations there are, of both snapshots together.</summary>
    public int AllocationCount => _allocationChanges.Length;

    /// <summary>
    /// First row of each allocation, and at the end the number of rows: one longer than <see cref="AllocationCount"/>. Matched by
    /// address, allocations ascend by address (a removed one stands at its old address); else they are in the order of the newer
    /// snapshot, a removed one behind the one that it followed.
    /// </summary>
    public ReadOnlySpan<int> FirstRegion => _first;

    /// <summary>What became of each allocation: the sums of its regions decide as a region's own figures do.</summary>
    public ReadOnlySpan<RegionChange> AllocationChanges => _allocationChanges;

    /// <summary>In what each allocation differs; figures by their sums, all else as soon as one region does.</summary>
    public ReadOnlySpan<DiffAspects> AllocationAspects => _allocationAspects;

    /// <summary>The allocation that a row belongs to.</summary>
    public int AllocationOf(int row)
    {
        var at = Array.BinarySearch(_first, row);
        return at >= 0 ? at : ~at - 1;
    }

    /// <summary>Address after, or the old one where a region was removed.</summary>
    public ulong Address(int row) => _afterRows[row] is var after and >= 0 ? After.Addresses[after] : Before.Addresses[_beforeRows[row]];

    /// <summary>Category after, or the old one where a region was removed.</summary>
    public RegionCategory Category(int row) => _afterRows[row] is var after and >= 0 ? After.Categories[after] : Before.Categories[_beforeRows[row]];

    /// <summary>Details after, or the old ones where a region was removed.</summary>
    public string DetailText(int row) => _afterRows[row] is var after and >= 0 ? After.DetailText(after) : Before.DetailText(_beforeRows[row]);

    /// <summary>A figure before, in bytes; 0 where a region was added.</summary>
    public long ValueBefore(RegionMetric metric, int row) => _beforeRows[row] is var before and >= 0 ? Before.Value(metric, before) : 0;

    /// <summary>A figure after, in bytes; 0 where a region was removed.</summary>
    public long ValueAfter(RegionMetric metric, int row) => _afterRows[row] is var after and >= 0 ? After.Value(metric, after) : 0;

    /// <summary>After - before of a figure, in bytes.</summary>
    public long Delta(RegionMetric metric, int row) => ValueAfter(metric, row) - ValueBefore(metric, row);

    /// <summary>A figure of an allocation before, in bytes.</summary>
    public long AllocationBefore(RegionMetric metric, int allocation)
    {
        var sum = 0L;
        for (var row = _first[allocation]; row < _first[allocation + 1]; row++)
        {
            sum += ValueBefore(metric, row);
        }
        return sum;
    }

    /// <summary>A figure of an allocation after, in bytes.</summary>
    public long AllocationAfter(RegionMetric metric, int allocation)
    {
        var sum = 0L;
        for (var row = _first[allocation]; row < _first[allocation + 1]; row++)
        {
            sum += ValueAfter(metric, row);
        }
        return sum;
    }

    /// <summary>After - before of an allocation's figure, in bytes: the sum over its rows.</summary>
    public long AllocationDelta(RegionMetric metric, int allocation) => AllocationAfter(metric, allocation) - AllocationBefore(metric, allocation);

    /// <summary>
    /// The regions in use of the newer snapshot, from those of the older and this diff: what stayed the same is taken from
    /// <paramref name="older"/>, all else (and, matched by identity, where it lies now) from here.
    /// </summary>
    /// <param name="older">The table that <see cref="BeforeRows"/> indexes.</param>
    /// <exception cref="ArgumentException">It has not as many rows as the diff was made of.</exception>
    public RegionTable Apply(RegionTable older)
    {
        if (older.Count != Before.Count)
        {
            throw new ArgumentException($"The diff is of a table of {Before.Count} rows, not of {older.Count}.", nameof(older));
        }
        var builder = new RegionTableBuilder(After.Count);
        // Rows of the newer one ascend through the union, whichever way it was made.
        for (var row = 0; row < Count; row++)
        {
            if (_afterRows[row] is not (var now and >= 0))
            {
                continue;
            }
            var region = After[now];
            builder.Add(_changes[row] != RegionChange.Same ? region : older[_beforeRows[row]] with
            {
                Address = region.Address,
                AllocationBase = region.AllocationBase,
                Detail = region.Detail,
            });
        }
        return builder.Build(After.Strings);
    }

    /// <summary>One row as a value, made on each call.</summary>
    public DiffRow this[int row] => new(
        _changes[row],
        _aspects[row],
        _beforeRows[row] >= 0 ? Before[_beforeRows[row]] : null,
        _afterRows[row] >= 0 ? After[_afterRows[row]] : null,
        _beforeRows[row] >= 0 ? Before.DetailText(_beforeRows[row]) : "",
        _afterRows[row] >= 0 ? After.DetailText(_afterRows[row]) : "");
}
