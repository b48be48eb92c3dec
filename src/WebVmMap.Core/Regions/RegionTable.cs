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

    // The columns may be longer than the table: only the first rows of them are its own.
    private readonly int _count;
    private readonly ulong[] _address;
    private readonly ulong[] _allocationBase;
    private readonly RegionCategory[] _category;
    private readonly Protection[] _protection;
    private readonly int[] _detail;
    private readonly long[][] _metrics;

    internal RegionTable(
        int count,
        ulong[] address,
        ulong[] allocationBase,
        RegionCategory[] category,
        Protection[] protection,
        int[] detail,
        long[][] metrics,
        ImmutableArray<string> strings,
        AddressSpaceBounds? completeWithin = null)
    {
        _count = count;
        _address = address;
        _allocationBase = allocationBase;
        _category = category;
        _protection = protection;
        _detail = detail;
        _metrics = metrics;
        Strings = strings;
        CompleteWithin = completeWithin;
    }

    /// <summary>A table of no regions.</summary>
    public static RegionTable Empty { get; } = new RegionTableBuilder(0).Build([""]);

    /// <summary>How many regions there are.</summary>
    public int Count => _count;

    /// <summary>The texts that <see cref="Details"/> indexes; index 0 is the empty text.</summary>
    public ImmutableArray<string> Strings { get; }

    /// <summary>The address space whose every gap has its row here; null when that is not known.</summary>
    internal AddressSpaceBounds? CompleteWithin { get; }

    /// <summary>First addresses, ascending.</summary>
    public ReadOnlySpan<ulong> Addresses => _address.AsSpan(0, _count);

    /// <summary>First address of the allocation of each region.</summary>
    public ReadOnlySpan<ulong> AllocationBases => _allocationBase.AsSpan(0, _count);

    /// <summary>Categories.</summary>
    public ReadOnlySpan<RegionCategory> Categories => _category.AsSpan(0, _count);

    /// <summary>Protections.</summary>
    public ReadOnlySpan<Protection> Protections => _protection.AsSpan(0, _count);

    /// <summary>Indexes into <see cref="Strings"/>.</summary>
    public ReadOnlySpan<int> Details => _detail.AsSpan(0, _count);

    /// <summary>Lengths in bytes.</summary>
    public ReadOnlySpan<long> Sizes => Column(RegionMetric.Size);

    /// <summary>One kept column, in bytes.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The metric is derived (Total WS, Reserved); see <see cref="Value"/>.</exception>
    public ReadOnlySpan<long> Column(RegionMetric metric)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((int)metric, StoredMetrics, nameof(metric));
        return _metrics[(int)metric].AsSpan(0, _count);
    }

    /// <summary>Any figure of one region, derived ones included, in bytes.</summary>
    public long Value(RegionMetric metric, int row) => metric switch
    {
        RegionMetric.TotalWs => Column(RegionMetric.PrivateWs)[row] + Column(RegionMetric.ShareableWs)[row],
        RegionMetric.Reserved => Column(RegionMetric.Size)[row] - Column(RegionMetric.Committed)[row],
        _ => Column(metric)[row],
    };

    /// <summary>The first address after a region.</summary>
    public ulong End(int row) => unchecked(Addresses[row] + (ulong)_metrics[0][row]);

    /// <summary>The text of a region's detail, empty when it has none.</summary>
    public string DetailText(int row) => Strings[Details[row]];

    /// <summary>One region as a value.</summary>
    public Region this[int row] => new()
    {
        Address = Addresses[row],
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

    /// <summary>The same regions with their details numbered in another table of texts.</summary>
    /// <param name="numbers">For each own text its number there.</param>
    /// <param name="texts">The texts, complete.</param>
    internal RegionTable WithTexts(int[] numbers, ImmutableArray<string> texts)
    {
        var details = new int[_count];
        for (var row = 0; row < details.Length; row++)
        {
            details[row] = numbers[_detail[row]];
        }
        return new RegionTable(_count, _address, _allocationBase, _category, _protection, details, _metrics, texts, CompleteWithin);
    }

    /// <summary>The same regions with other texts. Texts that no region refers to are left out, and ones that become equal become one.</summary>
    /// <param name="map">The new text for an old one; the empty text stays.</param>
    public RegionTable WithTexts(Func<string, string> map)
    {
        var texts = new StringTable();
        var numbers = new int[Strings.Length];
        for (var row = 0; row < _count; row++)
        {
            var text = _detail[row];
            if (numbers[text] == 0 && text != 0)
            {
                numbers[text] = texts.Intern(map(Strings[text]));
            }
        }
        return WithTexts(numbers, texts.Seal());
    }

    /// <summary>The row that holds an address.</summary>
    /// <returns>Its index, or -1 when no region holds it.</returns>
    public int Find(ulong address)
    {
        var at = Addresses.BinarySearch(address);
        if (at >= 0)
        {
            return at;
        }
        var before = ~at - 1;
        return before >= 0 && address - _address[before] < (ulong)_metrics[0][before] ? before : -1;
    }
}
