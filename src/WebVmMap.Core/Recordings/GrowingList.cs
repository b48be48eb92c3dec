using System.Collections;

namespace WebVmMap.Core.Recordings;

/// <summary>
/// A list that grows at its end and of which views can be taken that never change: a view shares the items, and only what changes an item
/// that a view has copies them first. Not thread-safe; a view may be read by any thread while the list goes on.
/// </summary>
internal sealed class GrowingList<T> : IReadOnlyList<T>
{
    private const int LeastRoom = 4;

    private T[] _items;
    // The items before this one a view may have in this array.
    private int _shared;

    public GrowingList()
        : this([], 0)
    {
    }

    private GrowingList(T[] items, int count)
    {
        _items = items;
        Count = count;
    }

    public int Count { get; private set; }

    public T this[int index]
    {
        get => (uint)index < (uint)Count ? _items[index] : throw new ArgumentOutOfRangeException(nameof(index));
        set
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Count, nameof(index));
            if (index < _shared)
            {
                Own(_items.Length);
            }
            _items[index] = value;
        }
    }

    /// <summary>The list as it is now. It is not to be added to.</summary>
    public GrowingList<T> View()
    {
        _shared = Math.Max(_shared, Count);
        // Whoever adds to a view all the same adds to an array of its own.
        return new GrowingList<T>(_items, Count) { _shared = _items.Length };
    }

    public void Add(T item)
    {
        Room(1);
        _items[Count++] = item;
    }

    public void AddRange(ReadOnlySpan<T> items)
    {
        Room(items.Length);
        items.CopyTo(_items.AsSpan(Count));
        Count += items.Length;
    }

    /// <summary>Takes items from the end.</summary>
    public void Shorten(int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)count, (uint)Count, nameof(count));
        Count = count;
    }

    public IEnumerator<T> GetEnumerator()
    {
        for (var index = 0; index < Count; index++)
        {
            yield return _items[index];
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private void Room(int more)
    {
        var wanted = checked(Count + more);
        if (wanted > _items.Length)
        {
            Own((int)Math.Clamp(_items.Length * 2L, Math.Max(LeastRoom, wanted), Math.Max(Array.MaxLength, wanted)));
        }
        else if (Count < _shared)
        {
            Own(_items.Length);
        }
    }

    private void Own(int room)
    {
        var own = new T[room];
        _items.AsSpan(0, Count).CopyTo(own);
        _items = own;
        _shared = 0;
    }
}
