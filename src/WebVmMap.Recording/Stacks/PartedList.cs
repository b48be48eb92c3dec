using System.Collections.Immutable;

namespace WebVmMap.Recording.Stacks;

/// <summary>
/// A list of any length that is never moved when it grows: it is kept in parts. To move millions would take so long that the rings, which
/// nobody reads meanwhile, would run full. Not thread-safe.
/// </summary>
internal sealed class PartedList<T>
{
    private const int PartBits = 14;
    private const int PartMask = (1 << PartBits) - 1;

    private readonly List<T[]> _parts = [];

    /// <summary>How many items there are.</summary>
    public int Count { get; private set; }

    /// <summary>An item, by its number from 0 to <see cref="Count"/> - 1.</summary>
    public T this[int number] => _parts[number >> PartBits][number & PartMask];

    /// <summary>Adds one at the end.</summary>
    public void Add(T item)
    {
        if ((Count & PartMask) == 0)
        {
            _parts.Add(new T[1 << PartBits]);
        }
        _parts[^1][Count++ & PartMask] = item;
    }

    /// <summary>All items from this one on.</summary>
    public ImmutableArray<T> From(int number)
    {
        var items = ImmutableArray.CreateBuilder<T>(Count - number);
        while (number < Count)
        {
            var some = Math.Min(Count - number, PartMask + 1 - (number & PartMask));
            items.AddRange(_parts[number >> PartBits].AsSpan(number & PartMask, some));
            number += some;
        }
        return items.MoveToImmutable();
    }
}
