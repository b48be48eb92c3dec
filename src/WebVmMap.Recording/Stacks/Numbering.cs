namespace WebVmMap.Recording.Stacks;

/// <summary>
/// Numbers values from 0 in the order in which they come, each once. Its table grows some places at a time: to move millions at once would
/// take so long that the rings, which nobody reads meanwhile, would run full. Not thread-safe.
/// </summary>
/// <typeparam name="T">What is numbered; equal ones have one number.</typeparam>
internal sealed class Numbering<T>
    where T : struct, IEquatable<T>
{
    private const int FirstRoom = 1 << 10;

    // As many for each value that is looked up are there long before the new table is half full.
    private const int MovedAtOnce = 4;

    // Numbers from 1 on, 0 where there is none; at most half full. What was numbered before it was made moves to it from the one before.
    private int[] _table = new int[FirstRoom];
    private int[]? _before;
    private int _moved;

    /// <summary>All values, by number.</summary>
    public List<T> All { get; } = [];

    /// <summary>The number of a value, the next one when it is new.</summary>
    public int Of(T value)
    {
        var hash = Hash(value);
        ref var place = ref Find(_table, hash, value);
        if (place != 0)
        {
            return place - 1;
        }
        if (_before is { } before)
        {
            var known = Find(before, hash, value);
            Move(before);
            if (known != 0)
            {
                return known - 1;
            }
            // Others may have moved to where it was to be.
            place = ref Find(_table, hash, value);
        }
        All.Add(value);
        place = All.Count;
        if (All.Count * 2 > _table.Length)
        {
            (_before, _table, _moved) = (_table, new int[_table.Length * 2], 0);
        }
        return All.Count - 1;
    }

    private void Move(int[] before)
    {
        // The table after it was made when half of it, and one place more, was taken.
        var all = (before.Length / 2) + 1;
        for (var last = Math.Min(_moved + MovedAtOnce, all); _moved < last; _moved++)
        {
            var value = All[_moved];
            Find(_table, Hash(value), value) = _moved + 1;
        }
        if (_moved == all)
        {
            _before = null;
        }
    }

    // Where it is, or would be.
    private ref int Find(int[] table, uint hash, T value)
    {
        var at = (int)hash & (table.Length - 1);
        while (table[at] != 0 && !All[table[at] - 1].Equals(value))
        {
            at = (at + 1) & (table.Length - 1);
        }
        return ref table[at];
    }

    // Hashes of numbers that follow each other are multiples of a constant, and would lie side by side.
    // https://github.com/aappleby/smhasher/wiki/MurmurHash3 (its finalizer)
    private static uint Hash(T value)
    {
        var hash = (uint)value.GetHashCode();
        hash = (hash ^ (hash >> 16)) * 0x85EBCA6B;
        hash = (hash ^ (hash >> 13)) * 0xC2B2AE35;
        return hash ^ (hash >> 16);
    }
}
