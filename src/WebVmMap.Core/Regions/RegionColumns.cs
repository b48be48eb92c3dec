using System.Collections.Immutable;

namespace WebVmMap.Core.Regions;

/// <summary>
/// The columns of a table in the making, unchecked: who fills them answers for the rules that <see cref="RegionRules"/> states.
/// Grows by doubling. Not thread-safe.
/// </summary>
internal sealed class RegionColumns
{
    private readonly long[][] _metrics = new long[RegionTable.StoredMetrics][];
    private ulong[] _address;
    private ulong[] _allocationBase;
    private RegionCategory[] _category;
    private Protection[] _protection;
    private int[] _detail;

    public RegionColumns(int capacity)
    {
        // Not cleared: only rows that have been filled are ever read.
        _address = GC.AllocateUninitializedArray<ulong>(capacity);
        _allocationBase = GC.AllocateUninitializedArray<ulong>(capacity);
        _category = GC.AllocateUninitializedArray<RegionCategory>(capacity);
        _protection = GC.AllocateUninitializedArray<Protection>(capacity);
        _detail = GC.AllocateUninitializedArray<int>(capacity);
        for (var i = 0; i < _metrics.Length; i++)
        {
            _metrics[i] = GC.AllocateUninitializedArray<long>(capacity);
        }
    }

    public int Count { get; private set; }

    /// <summary>The first address after the last region, 0 before the first.</summary>
    public ulong End => Count == 0 ? 0 : unchecked(_address[Count - 1] + (ulong)_metrics[0][Count - 1]);

    /// <exception cref="ArgumentException">A region's detail lies outside the texts.</exception>
    public void CheckDetails(ImmutableArray<string> strings)
    {
        foreach (var detail in _detail.AsSpan(0, Count))
        {
            if ((uint)detail >= (uint)strings.Length)
            {
                throw new ArgumentException($"A region refers to text {detail} of {strings.Length}.", nameof(strings));
            }
        }
    }

    public void Add(in Region region)
    {
        Reserve(1);
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

    /// <summary>Copies rows of a table.</summary>
    public void AddRange(RegionTable source, int row, int count)
    {
        if (count == 0)
        {
            return;
        }
        Reserve(count);
        source.Addresses.Slice(row, count).CopyTo(_address.AsSpan(Count));
        source.AllocationBases.Slice(row, count).CopyTo(_allocationBase.AsSpan(Count));
        source.Categories.Slice(row, count).CopyTo(_category.AsSpan(Count));
        source.Protections.Slice(row, count).CopyTo(_protection.AsSpan(Count));
        source.Details.Slice(row, count).CopyTo(_detail.AsSpan(Count));
        for (var metric = 0; metric < _metrics.Length; metric++)
        {
            source.Column((RegionMetric)metric).Slice(row, count).CopyTo(_metrics[metric].AsSpan(Count));
        }
        Count += count;
    }

    public void Clear() => Count = 0;

    /// <summary>A table with a copy of the columns.</summary>
    public RegionTable Copy(ImmutableArray<string> strings, AddressSpaceBounds? completeWithin = null) => new(
        Count,
        _address[..Count],
        _allocationBase[..Count],
        _category[..Count],
        _protection[..Count],
        _detail[..Count],
        Array.ConvertAll(_metrics, column => column[..Count]),
        strings,
        completeWithin);

    /// <summary>A table of the columns themselves where at most an eighth of them is unused; nothing may be added afterwards.</summary>
    public RegionTable Finish(ImmutableArray<string> strings, AddressSpaceBounds? completeWithin = null) =>
        Count < _address.Length - _address.Length / 8
            ? Copy(strings, completeWithin)
            : new RegionTable(Count, _address, _allocationBase, _category, _protection, _detail, _metrics, strings, completeWithin);

    private void Reserve(int count)
    {
        if (_address.Length - Count >= count)
        {
            return;
        }
        var capacity = Math.Max(Math.Max(1024, _address.Length * 2), Count + count);
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
