namespace WebVmMap.Symbols;

/// <summary>Finds the innermost of many address ranges, which may nest and overlap. Immutable.</summary>
internal sealed class RangeIndex
{
    /// <summary>Ranges that overlap at one address beyond so many are not looked at: no file that a linker wrote has them.</summary>
    private const int MaxBacksteps = 256;

    private readonly ulong[] _starts;
    private readonly ulong[] _ends;
    private readonly int[] _values;

    /// <summary>The greatest end of a range and all before it: where the search back may stop.</summary>
    private readonly ulong[] _reach;

    /// <summary>Takes ranges in any order; the arrays become its own.</summary>
    public RangeIndex(ulong[] starts, ulong[] ends, int[] values)
    {
        var order = new int[starts.Length];
        for (var i = 0; i < order.Length; i++)
        {
            order[i] = i;
        }
        // At the same start the longest first, then in the order given: of two alike the later is found.
        Array.Sort(order, (a, b) => starts[a] != starts[b] ? starts[a].CompareTo(starts[b])
            : ends[a] != ends[b] ? ends[b].CompareTo(ends[a]) : a.CompareTo(b));
        _starts = new ulong[order.Length];
        _ends = new ulong[order.Length];
        _values = new int[order.Length];
        _reach = new ulong[order.Length];
        ulong reach = 0;
        for (var i = 0; i < order.Length; i++)
        {
            _starts[i] = starts[order[i]];
            _ends[i] = ends[order[i]];
            _values[i] = values[order[i]];
            _reach[i] = reach = Math.Max(reach, _ends[i]);
        }
    }

    /// <summary>Ranges in it.</summary>
    public int Count => _starts.Length;

    /// <summary>Finds the range that begins last of those that hold an address.</summary>
    /// <returns>Its value; -1 for none.</returns>
    public int Find(ulong address)
    {
        // The last that begins at the address or before it; of several alike the last.
        int low = 0, high = _starts.Length;
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (_starts[middle] <= address)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }
        var at = low - 1;
        for (var steps = 0; at >= 0 && steps < MaxBacksteps && _reach[at] > address; at--, steps++)
        {
            if (_ends[at] > address)
            {
                return _values[at];
            }
        }
        return -1;
    }
}
