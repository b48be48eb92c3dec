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

    private readonly long[][] _metrics = new long[RegionTable.StoredMetrics][];
    private ulong[] _address;
    private ulong[] _allocationBase;
    private RegionCategory[] _category;
    private Protection[] _protection;
    private int[] _detail;

    /// <summary>Makes room for some regions from the start.</summary>
    public RegionTableBuilder(int capacity = 1024)
    {
        _address = new ulong[capacity];
        _allocationBase = new ulong[capacity];
        _category = new RegionCategory[capacity];
        _protection = new Protection[capacity];
        _detail = new int[capacity];
        for (var i = 0; i < _metrics.Length; i++)
        {
            _metrics[i] = new long[capacity];
        }
    }

    /// <summary>How many regions have been added.</summary>
    public int Count { get; private set; }

    /// <summary>The first address after the last region added, 0 before the first.</summary>
    public ulong End => Count == 0 ? 0 : unchecked(_address[Count - 1] + (ulong)_metrics[0][Count - 1]);

    /// <summary>Adds a region after all others.</summary>
    /// <exception cref="ArgumentException">It is not page-aligned, is empty, lies before the end of the last one, or wraps.</exception>
    public void Add(in Region region)
    {
        if (((region.Address | (ulong)region.Size) & (PageSize - 1)) != 0 || region.Size <= 0)
        {
            throw new ArgumentException($"Region 0x{region.Address:x} of {region.Size} bytes is not made of whole pages.", nameof(region));
        }
        // An end of exactly 2^64 wraps to 0 and is allowed once: nothing can follow it.
        if (Count > 0 && (End == 0 || region.Address < End))
        {
            throw new ArgumentException($"Region 0x{region.Address:x} begins before the end of the one before it, 0x{End:x}.", nameof(region));
        }
        if (region.End != 0 && region.End < region.Address)
        {
            throw new ArgumentException($"Region 0x{region.Address:x} of {region.Size} bytes passes the end of the address space.", nameof(region));
        }
        if (Count == _address.Length)
        {
            Grow();
        }
        var row = Count++;
        _address[row] = region.Address;
        _allocationBase[row] = region.AllocationBase;
        _category[row] = region.Category;
        _protection[row] = region.Protection;
        _detail[row] = region.Detail;
        _metrics[0][row] = region.Size;
        _metrics[1][row] = region.Committed;
        _metrics[2][row] = region.Private;
        _metrics[3][row] = region.PrivateWs;
        _metrics[4][row] = region.ShareableWs;
        _metrics[5][row] = region.SharedWs;
        _metrics[6][row] = region.LockedWs;
        _metrics[7][row] = region.Pss;
        _metrics[8][row] = region.Swap;
    }

    /// <summary>Forgets the regions, keeps the room.</summary>
    public void Clear() => Count = 0;

    /// <summary>The regions so far as an immutable table of their own.</summary>
    /// <param name="strings">What the details index.</param>
    /// <exception cref="ArgumentException">A region's detail lies outside <paramref name="strings"/>.</exception>
    public RegionTable Build(ImmutableArray<string> strings)
    {
        foreach (var detail in _detail.AsSpan(0, Count))
        {
            if ((uint)detail >= (uint)strings.Length)
            {
                throw new ArgumentException($"A region refers to text {detail} of {strings.Length}.", nameof(strings));
            }
        }
        return new RegionTable(
            _address[..Count],
            _allocationBase[..Count],
            _category[..Count],
            _protection[..Count],
            _detail[..Count],
            [.. _metrics.Select(column => column[..Count])],
            strings);
    }

    private void Grow()
    {
        var capacity = Math.Max(1024, _address.Length * 2);
        Array.Resize(ref _address, capacity);
        Array.Resize(ref _allocationBase, capacity);
        Array.Resize(ref _category, capacity);
        Array.Resize(ref _protection, capacity);
        Array.Resize(ref _detail, capacity);
        for (var i = 0; i < _metrics.Length; i++)
        {
            Array.Resize(ref _metrics[i], capacity);
        }
    }
}
