using System.Collections.Immutable;

namespace WebVmMap.Core.Regions;

/// <summary>
/// Regions as columns, ascending by address and never overlapping: the one shape in which they are read, compared, sent,
/// stored and drawn. Immutable, so it may be read from any thread. Built by <see cref="RegionTableBuilder"/>.
/// </summary>
public sealed class RegionTable
{
    /// <summary>How many <see cref="RegionMetric"/> values are kept as columns; the rest follow from them.</summary>
    public const int StoredMetrics = (int)RegionMetric.Swap + 1;

    private readonly ulong[] _address;
    private readonly ulong[] _allocationBase;
    private readonly RegionCategory[] _category;
    private readonly Protection[] _protection;
    private readonly int[] _detail;
    private readonly long[][] _metrics;

    internal RegionTable(
        ulong[] address,
        ulong[] allocationBase,
        RegionCategory[] category,
        Protection[] protection,
        int[] detail,
        long[][] metrics,
        ImmutableArray<string> strings)
    {
        _address = address;
        _allocationBase = allocationBase;
        _category = category;
        _protection = protection;
        _detail = detail;
        _metrics = metrics;
        Strings = strings;
    }

    /// <summary>A table of no regions.</summary>
    public static RegionTable Empty { get; } = new RegionTableBuilder(0).Build([""]);

    /// <summary>How many regions there are.</summary>
    public int Count => _address.Length;

    /// <summary>The texts that <see cref="Details"/> indexes; index 0 is the empty text.</summary>
    public ImmutableArray<string> Strings { get; }

    /// <summary>First addresses, ascending.</summary>
    public ReadOnlySpan<ulong> Addresses => _address;

    /// <summary>First address of the allocation of each region.</summary>
    public ReadOnlySpan<ulong> AllocationBases => _allocationBase;

    /// <summary>Categories.</summary>
    public ReadOnlySpan<RegionCategory> Categories => _category;

    /// <summary>Protections.</summary>
    public ReadOnlySpan<Protection> Protections => _protection;

    /// <summary>Indexes into <see cref="Strings"/>.</summary>
    public ReadOnlySpan<int> Details => _detail;

    /// <summary>Lengths in bytes.</summary>
    public ReadOnlySpan<long> Sizes => _metrics[(int)RegionMetric.Size];

    /// <summary>One kept column, in bytes.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The metric is derived (Total WS, Reserved); see <see cref="Value"/>.</exception>
    public ReadOnlySpan<long> Column(RegionMetric metric)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((int)metric, StoredMetrics, nameof(metric));
        return _metrics[(int)metric];
    }

    /// <summary>Any figure of one region, derived ones included, in bytes.</summary>
    public long Value(RegionMetric metric, int row) => metric switch
    {
        RegionMetric.TotalWs => _metrics[(int)RegionMetric.PrivateWs][row] + _metrics[(int)RegionMetric.ShareableWs][row],
        RegionMetric.Reserved => _metrics[(int)RegionMetric.Size][row] - _metrics[(int)RegionMetric.Committed][row],
        _ => _metrics[(int)metric][row],
    };

    /// <summary>The first address after a region.</summary>
    public ulong End(int row) => unchecked(_address[row] + (ulong)_metrics[0][row]);

    /// <summary>The text of a region's detail, empty when it has none.</summary>
    public string DetailText(int row) => Strings[_detail[row]];

    /// <summary>One region as a value.</summary>
    public Region this[int row] => new()
    {
        Address = _address[row],
        Size = _metrics[0][row],
        AllocationBase = _allocationBase[row],
        Category = _category[row],
        Protection = _protection[row],
        Detail = _detail[row],
        Committed = _metrics[1][row],
        Private = _metrics[2][row],
        PrivateWs = _metrics[3][row],
        ShareableWs = _metrics[4][row],
        SharedWs = _metrics[5][row],
        LockedWs = _metrics[6][row],
        Pss = _metrics[7][row],
        Swap = _metrics[8][row],
    };

    /// <summary>The row that holds an address.</summary>
    /// <returns>Its index, or -1 when no region holds it.</returns>
    public int Find(ulong address)
    {
        var at = Array.BinarySearch(_address, address);
        if (at >= 0)
        {
            return at;
        }
        var before = ~at - 1;
        return before >= 0 && address - _address[before] < (ulong)_metrics[0][before] ? before : -1;
    }
}
