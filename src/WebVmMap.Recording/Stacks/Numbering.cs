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
    private const int PartBits = 15;
    private const int PartMask = (1 << PartBits) - 1;

    // As many for each value that is looked up are there long before the new table is half full.
    private const int MovedAtOnce = 4;

    // Numbers from 1 on, 0 where there is none; at most half full. What was numbered before it was made moves to it from the one before.
    private Table _table = new(FirstRoom);
    private Table? _before;
    private int _moved;

    /// <summary>All values, by number.</summary>
    public PartedList<T> All { get; } = new();

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
        if (All.Count * 2L > _table.Room)
        {
            (_before, _table, _moved) = (_table, new Table(_table.Room * 2), 0);
        }
        return All.Count - 1;
    }

    private void Move(Table before)
    {
        // The table after it was made when half of it, and one place more, was taken.
        var all = (before.Room / 2) + 1;
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
    private ref int Find(Table table, uint hash, T value)
    {
        for (var at = hash; ; at++)
        {
            ref var place = ref table[at];
            if (place == 0 || All[place - 1].Equals(value))
            {
                return ref place;
            }
        }
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

    // In parts that are made when they are looked at first: zeros for millions of places take long to write at once.
    private sealed class Table(int room)
    {
        private readonly int[]?[] _parts = new int[]?[(room + PartMask) >> PartBits];

        public int Room => room;

        public ref int this[uint hash]
        {
            get
            {
                var at = (int)(hash & (uint)(room - 1));
                return ref (_parts[at >> PartBits] ??= new int[Math.Min(room, PartMask + 1)])[at & PartMask];
            }
        }
    }
}
