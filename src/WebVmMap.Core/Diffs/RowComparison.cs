using WebVmMap.Core.Regions;

namespace WebVmMap.Core.Diffs;

/// <summary>
/// Says of every row of a union what became of it: a column at a time, for 100,000 rows of fourteen columns are looked at.
/// </summary>
/// <param name="before">The older regions.</param>
/// <param name="after">The newer regions.</param>
/// <param name="texts">The texts of both.</param>
/// <param name="matching">How rows were brought together.</param>
internal sealed class RowComparison(RegionTable before, RegionTable after, CommonTexts texts, DiffMatching matching)
{
    /// <summary>Size decides, then Committed. Not for a row in which nothing differs.</summary>
    public static RegionChange Kind(long size, long committed) => (size != 0 ? size : committed) switch
    {
        > 0 => RegionChange.Grown,
        < 0 => RegionChange.Shrunk,
        0 => RegionChange.Changed,
    };

    /// <summary>Adds to each row in what its two regions differ; a row with one region is left as it is.</summary>
    public void AddAspects(ReadOnlySpan<int> beforeRows, ReadOnlySpan<int> afterRows, Span<DiffAspects> aspects)
    {
        for (var metric = RegionMetric.Size; metric <= RegionMetric.Swap; metric++)
        {
            Add(before.Column(metric), after.Column(metric), AspectOf(metric), beforeRows, afterRows, aspects);
        }
        Add(before.Protections, after.Protections, DiffAspects.Protection, beforeRows, afterRows, aspects);
        Add(before.Categories, after.Categories, DiffAspects.Category, beforeRows, afterRows, aspects);
        if (matching == DiffMatching.Address)
        {
            Add(before.Addresses, after.Addresses, DiffAspects.Address, beforeRows, afterRows, aspects);
            Add(before.AllocationBases, after.AllocationBases, DiffAspects.Allocation, beforeRows, afterRows, aspects);
        }
        AddDetails(beforeRows, afterRows, aspects);
    }

    /// <summary>What became of each row.</summary>
    public void Judge(ReadOnlySpan<int> beforeRows, ReadOnlySpan<int> afterRows, ReadOnlySpan<DiffAspects> aspects, Span<RegionChange> changes)
    {
        var sizeBefore = before.Sizes;
        var sizeAfter = after.Sizes;
        var committedBefore = before.Column(RegionMetric.Committed);
        var committedAfter = after.Column(RegionMetric.Committed);
        for (var row = 0; row < changes.Length; row++)
        {
            var (old, now) = (beforeRows[row], afterRows[row]);
            changes[row] =
                old < 0 ? RegionChange.Added
                : now < 0 ? RegionChange.Removed
                : aspects[row] == DiffAspects.None ? RegionChange.Same
                : Kind(sizeAfter[now] - sizeBefore[old], committedAfter[now] - committedBefore[old]);
        }
    }

    private static void Add<T>(
        ReadOnlySpan<T> older, ReadOnlySpan<T> newer, DiffAspects aspect, ReadOnlySpan<int> beforeRows, ReadOnlySpan<int> afterRows, Span<DiffAspects> aspects)
        where T : unmanaged
    {
        for (var row = 0; row < aspects.Length; row++)
        {
            var (old, now) = (beforeRows[row], afterRows[row]);
            if ((old | now) >= 0 && !EqualityComparer<T>.Default.Equals(older[old], newer[now]))
            {
                aspects[row] |= aspect;
            }
        }
    }

    private static DiffAspects AspectOf(RegionMetric metric) => metric switch
    {
        RegionMetric.Size => DiffAspects.Size,
        RegionMetric.Committed => DiffAspects.Committed,
        RegionMetric.Private => DiffAspects.Private,
        _ => DiffAspects.Residency,
    };

    private void AddDetails(ReadOnlySpan<int> beforeRows, ReadOnlySpan<int> afterRows, Span<DiffAspects> aspects)
    {
        var older = before.Details;
        var newer = after.Details;
        var categories = after.Categories;
        for (var row = 0; row < aspects.Length; row++)
        {
            var (old, now) = (beforeRows[row], afterRows[row]);
            if ((old | now) >= 0 && !SameDetails(older[old], newer[now], categories[now]))
            {
                aspects[row] |= DiffAspects.Details;
            }
        }
    }

    // Another file is another file. But a thread's id, or an arena's address, is another one in every run.
    private bool SameDetails(int older, int newer, RegionCategory category) =>
        texts.Exact(older, newer)
        || (matching == DiffMatching.Identity && category is not (RegionCategory.Image or RegionCategory.MappedFile) && texts.Alike(older, newer));
}
