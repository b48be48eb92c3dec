namespace WebVmMap.Hub.Components.Grid;

/// <summary>
/// The rule that nothing jumps while it is read: rows that were there keep their order among each other, whatever their
/// figures have become; new ones come after them in the order of the sort; gone ones simply are no more. For one pass over
/// the rows; not thread-safe.
/// </summary>
/// <typeparam name="TKey">What a row is known by from one sample to the next.</typeparam>
public sealed class HeldOrder<TKey>
    where TKey : notnull
{
    private readonly Dictionary<TKey, int> _places = [];

    /// <summary>Holds an order.</summary>
    /// <param name="shown">The keys of the rows as they stand now; each once.</param>
    public HeldOrder(IEnumerable<TKey> shown)
    {
        foreach (var key in shown)
        {
            _places.TryAdd(key, _places.Count);
        }
    }

    /// <summary>True when some row stands elsewhere than the sort would have it.</summary>
    public bool HasMoved { get; private set; }

    /// <summary>Puts rows that the sort has ordered back to where they stood. For a tree, once for each row's children.</summary>
    /// <param name="sorted">Rows in the order of the sort; no two of one key.</param>
    /// <param name="keyOf">What a row is known by.</param>
    public void Apply<TRow>(Span<TRow> sorted, Func<TRow, TKey> keyOf)
    {
        var places = new int[sorted.Length];
        var inOrder = true;
        for (var i = 0; i < places.Length; i++)
        {
            places[i] = _places.TryGetValue(keyOf(sorted[i]), out var place) ? place : _places.Count + i;
            inOrder &= i == 0 || places[i - 1] < places[i];
        }
        if (!inOrder)
        {
            places.AsSpan().Sort(sorted);
            HasMoved = true;
        }
    }
}
