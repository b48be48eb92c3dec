using System.Collections.Immutable;

namespace WebVmMap.Core.Regions;

/// <summary>
/// Collects the regions in use of a known address space in ascending order, and puts the Free and Unusable rows between them
/// as they come: what is built is what <see cref="AddressSpace.Complete"/> would make of them, without a table in between.
/// For one table only. Not thread-safe.
/// </summary>
public sealed class CompleteTableBuilder
{
    private readonly AddressSpaceBounds _bounds;
    private readonly RegionColumns _columns;
    private ulong _end;

    /// <summary>Makes room for some rows, gaps included; more are taken all the same.</summary>
    /// <param name="bounds">The address space that the regions lie in.</param>
    /// <param name="capacity">How many rows are expected.</param>
    /// <exception cref="ArgumentException">The bounds are not page-aligned, end before they begin or beyond 2^63, or their
    /// granularity is not a power of two.</exception>
    public CompleteTableBuilder(AddressSpaceBounds bounds, int capacity)
    {
        if (bounds.Broken() is { } broken)
        {
            throw new ArgumentException(broken, nameof(bounds));
        }
        _bounds = bounds;
        _columns = new RegionColumns(capacity);
        _end = bounds.Lowest;
    }

    /// <summary>How many regions have been added, gaps not counted.</summary>
    public int Regions { get; private set; }

    /// <summary>Adds a region in use after all others.</summary>
    /// <exception cref="ArgumentException">It breaks a rule that <see cref="RegionTableBuilder.Add"/> states, or is a gap.</exception>
    public void Add(in Region region)
    {
        // Until the table is built, the last row is a region in use: gaps are put in just before the next one.
        var broken = RegionRules.Broken(Regions == 0, _columns.End, region)
            ?? (region.Category.IsGap() ? $"Region 0x{region.Address:x} is a gap: gaps are derived here." : null);
        if (broken is not null)
        {
            throw new ArgumentException(broken, nameof(region));
        }
        AddGap(Math.Min(region.Address, _bounds.End));
        _columns.Add(region);
        Regions++;
        PassTo(_columns.End);
    }

    /// <summary>Copies the rows of a table that are no gaps; whoever does answers for their order.</summary>
    internal void AddRange(RegionTable source, int row, int count)
    {
        var last = row + count;
        while (row < last)
        {
            if (source.Categories[row].IsGap())
            {
                row++;
                continue;
            }
            AddGap(Math.Min(source.Addresses[row], _bounds.End));
            var run = ContiguousRun(source, row, last);
            _columns.AddRange(source, row, run);
            Regions += run;
            row += run;
            PassTo(source.End(row - 1));
        }
    }

    /// <summary>The table. Nothing may be added afterwards.</summary>
    /// <param name="strings">What the details index.</param>
    /// <exception cref="ArgumentException">A region's detail lies outside <paramref name="strings"/>.</exception>
    public RegionTable Build(ImmutableArray<string> strings)
    {
        AddGap(_bounds.End);
        _columns.CheckDetails(strings);
        return _columns.Finish(strings, _bounds);
    }

    private static int ContiguousRun(RegionTable regions, int row, int last)
    {
        var next = row + 1;
        while (next < last && regions.Addresses[next] == regions.End(next - 1) && !regions.Categories[next].IsGap())
        {
            next++;
        }
        return next - row;
    }

    /// <summary>Gaps begin at the highest end so far; an end of 2^64 wraps to 0.</summary>
    private void PassTo(ulong end) => _end = Math.Max(_end, end == 0 ? ulong.MaxValue : end);

    private void AddGap(ulong to)
    {
        if (_end >= to)
        {
            return;
        }
        var mask = (ulong)_bounds.Granularity - 1;
        var usable = Math.Min((_end + mask) & ~mask, to);
        if (usable > _end)
        {
            _columns.Add(Gap(_end, usable, RegionCategory.Unusable));
        }
        if (to > usable)
        {
            _columns.Add(Gap(usable, to, RegionCategory.Free));
        }
    }

    private static Region Gap(ulong from, ulong to, RegionCategory category) =>
        new() { Address = from, Size = (long)(to - from), AllocationBase = from, Category = category };
}
