using WebVmMap.Core.Regions;

namespace WebVmMap.Core.Diffs;

/// <summary>Which changes to list, and in what order. What is not set does not restrict. Immutable and thread-safe.</summary>
public sealed record DiffQuery
{
    /// <summary>The figure that threshold and order go by.</summary>
    public RegionMetric Metric { get; init; } = RegionMetric.Size;

    /// <summary>
    /// The least |delta| of <see cref="Metric"/>, in bytes. With 0 also those are listed in which other things than this figure changed.
    /// </summary>
    public long MinDelta { get; init; }

    /// <summary>Those that are, or were, of this category.</summary>
    public RegionCategory? Category { get; init; }

    /// <summary>Those to which this happened.</summary>
    public RegionChange? Change { get; init; }

    /// <summary>Those that match before or after.</summary>
    public RegionFilter? Filter { get; init; }

    /// <summary>The order.</summary>
    public DiffOrder Order { get; init; } = DiffOrder.Growth;

    /// <summary>Rows of <see cref="SnapshotDiff.Regions"/> that differ and match.</summary>
    public int[] Regions(SnapshotDiff diff)
    {
        var union = diff.Regions;
        var rows = new int[union.ChangedCount];
        var deltas = new long[rows.Length];
        var count = 0;
        for (var row = 0; row < union.Count; row++)
        {
            if (Wants(union.Changes[row]) && Matches(diff, row) && union.Delta(Metric, row) is var delta && Reaches(delta))
            {
                rows[count] = row;
                deltas[count++] = delta;
            }
        }
        return Ordered(rows, deltas, count);
    }

    /// <summary>
    /// Allocations of <see cref="SnapshotDiff.Regions"/> that differ and of which a region matches category and filter; threshold and
    /// order go by the sums of all their regions.
    /// </summary>
    public int[] Allocations(SnapshotDiff diff)
    {
        var union = diff.Regions;
        var allocations = new int[union.AllocationCount];
        var deltas = new long[allocations.Length];
        var count = 0;
        for (var allocation = 0; allocation < union.AllocationCount; allocation++)
        {
            if (Wants(union.AllocationChanges[allocation])
                && AnyMatches(diff, allocation)
                && union.AllocationDelta(Metric, allocation) is var delta
                && Reaches(delta))
            {
                allocations[count] = allocation;
                deltas[count++] = delta;
            }
        }
        return Ordered(allocations, deltas, count);
    }

    private bool Wants(RegionChange change) => change != RegionChange.Same && (Change is null || Change == change);

    // |delta| of the smallest number does not fit, so the sign is kept out of it.
    private bool Reaches(long delta) => MinDelta <= 0 || delta >= MinDelta || delta <= -MinDelta;

    private bool AnyMatches(SnapshotDiff diff, int allocation)
    {
        for (var row = diff.Regions.FirstRegion[allocation]; row < diff.Regions.FirstRegion[allocation + 1]; row++)
        {
            if (Matches(diff, row))
            {
                return true;
            }
        }
        return false;
    }

    private bool Matches(SnapshotDiff diff, int row)
    {
        var union = diff.Regions;
        return Matches(union.Before, union.BeforeRows[row], diff) || Matches(union.After, union.AfterRows[row], diff);
    }

    private bool Matches(RegionTable table, int row, SnapshotDiff diff) =>
        row >= 0
        && (Category is null || table.Categories[row] == Category)
        && (Filter is null || Filter.IsEmpty || Filter.Matches(table, row, diff.After.Platform));

    private int[] Ordered(int[] items, long[] deltas, int count)
    {
        Array.Resize(ref items, count);
        if (Order == DiffOrder.Place)
        {
            return items;
        }
        var order = Order;
        var keys = new (long Rank, int Place)[count];
        for (var i = 0; i < count; i++)
        {
            // ~delta turns the order around as -delta does, and has no number that it cannot turn.
            var rank = order switch
            {
                DiffOrder.Growth => ~deltas[i],
                DiffOrder.Shrinkage => deltas[i],
                _ => deltas[i] < 0 ? deltas[i] : -deltas[i],
            };
            keys[i] = (rank, i);
        }
        Array.Sort(keys, items);
        return items;
    }
}
