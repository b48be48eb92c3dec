namespace WebVmMap.Recording.Blocks;

/// <summary>What the program has mapped itself, in address order; ranges do not overlap. Not thread-safe.</summary>
internal sealed class VirtualRanges
{
    private readonly List<BlockEntry> _ranges = [];
    private readonly Dictionary<int, int> _pieces = [];
    private int _groups;

    /// <summary>The ranges, by address.</summary>
    public IReadOnlyList<BlockEntry> Ranges => _ranges;

    /// <summary>Adds a range in place of whatever was there.</summary>
    public void Add(in BlockEntry range, Action<BlockEntry, long, bool> removed)
    {
        Remove(range.Address, range.Size, removed);
        _ranges.Insert(FirstBehind(range.Address), range);
    }

    /// <summary>Takes out whatever lies within an extent, in part where it reaches beyond.</summary>
    /// <param name="address">First byte.</param>
    /// <param name="size">Bytes.</param>
    /// <param name="removed">Told of each range touched: the range, how many of its bytes went, and whether that was the last piece of it.</param>
    public void Remove(ulong address, long size, Action<BlockEntry, long, bool> removed)
    {
        var end = address + (ulong)size;
        var at = FirstBehind(address);
        // The one before may reach in.
        if (at > 0 && End(_ranges[at - 1]) > address)
        {
            at--;
        }
        while (at < _ranges.Count && _ranges[at].Address < end)
        {
            var range = _ranges[at];
            var (from, to) = (Math.Max(range.Address, address), Math.Min(End(range), end));
            var (before, behind) = ((long)(from - range.Address), (long)(End(range) - to));
            if (before > 0 && behind > 0)
            {
                range.Mark = range.Mark == 0 ? ++_groups : range.Mark;
                _pieces[range.Mark] = _pieces.GetValueOrDefault(range.Mark, 1) + 1;
            }
            removed(range, (long)(to - from), before == 0 && behind == 0 && IsLast(range));
            if (before > 0)
            {
                _ranges[at] = range with { Size = before };
                at++;
            }
            else
            {
                _ranges.RemoveAt(at);
            }
            if (behind > 0)
            {
                _ranges.Insert(at, range with { Address = to, Size = behind });
                at++;
            }
        }
    }

    /// <summary>Takes everything out.</summary>
    public void Clear(Action<BlockEntry, long, bool> removed)
    {
        foreach (var range in _ranges)
        {
            removed(range, range.Size, IsLast(range));
        }
        _ranges.Clear();
    }

    private bool IsLast(in BlockEntry piece)
    {
        if (piece.Mark == 0)
        {
            return true;
        }
        if (--_pieces[piece.Mark] > 0)
        {
            return false;
        }
        _pieces.Remove(piece.Mark);
        return true;
    }

    private static ulong End(in BlockEntry range) => range.Address + (ulong)range.Size;

    private int FirstBehind(ulong address)
    {
        var (low, high) = (0, _ranges.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_ranges[middle].Address < address)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }
        return low;
    }
}
