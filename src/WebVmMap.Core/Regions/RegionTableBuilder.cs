using System.Collections.Immutable;

namespace WebVmMap.Core.Regions;

/// <summary>
/// Collects regions in ascending order into columns that grow by doubling, so adding a region allocates nothing of its own.
/// Can be reused after <see cref="Clear"/>, which keeps the room. Not thread-safe.
/// </summary>
public sealed class RegionTableBuilder
{
    /// <summary>Every supported system's smallest page: addresses and sizes are multiples of it.</summary>
    public const int PageSize = 4096;

    private readonly RegionColumns _columns;

    /// <summary>Makes room for some regions from the start.</summary>
    public RegionTableBuilder(int capacity = 1024) => _columns = new RegionColumns(capacity);

    /// <summary>How many regions have been added.</summary>
    public int Count => _columns.Count;

    /// <summary>The first address after the last region added, 0 before the first.</summary>
    public ulong End => _columns.End;

    /// <summary>Adds a region after all others.</summary>
    /// <exception cref="ArgumentException">
    /// It is not page-aligned, is empty, lies before the end of the last one or before its own allocation, wraps, has a figure
    /// below 0, unknown protection flags or a category that no region has (Unspecified, Page Table).
    /// </exception>
    public void Add(in Region region)
    {
        if (RegionRules.Broken(Count == 0, End, region) is { } broken)
        {
            throw new ArgumentException(broken, nameof(region));
        }
        _columns.Add(region);
    }

    /// <summary>Forgets the regions, keeps the room.</summary>
    public void Clear() => _columns.Clear();

    /// <summary>The regions so far as an immutable table of their own.</summary>
    /// <param name="strings">What the details index.</param>
    /// <exception cref="ArgumentException">A region's detail lies outside <paramref name="strings"/>.</exception>
    public RegionTable Build(ImmutableArray<string> strings)
    {
        _columns.CheckDetails(strings);
        return _columns.Copy(strings);
    }
}
