using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using WebVmMap.Core.Regions;
using WebVmMap.Core.Snapshots;

namespace WebVmMap.Hub.Components.Details;

/// <summary>
/// The allocations of a snapshot in a given order, worked out once per snapshot and order and shared by all viewers; it goes
/// when the snapshot goes. Thread-safe.
/// </summary>
public static class AllocationOrder
{
    private static readonly ConditionalWeakTable<Snapshot, ConcurrentDictionary<DetailsSort, Lazy<int[]>>> s_orders = [];

    /// <summary>Indexes of allocations, in order.</summary>
    public static ReadOnlySpan<int> Of(Snapshot snapshot, DetailsSort sort) =>
        s_orders.GetOrCreateValue(snapshot).GetOrAdd(sort, static (by, of) => new(() => Sort(of, by)), snapshot).Value;

    /// <summary>Sorts indexes by a key each; equal keys keep ascending indexes, in either direction.</summary>
    internal static void SortBy(Span<int> indexes, Func<int, long> key, bool descending)
    {
        var keys = new long[indexes.Length];
        for (var i = 0; i < keys.Length; i++)
        {
            // Not negated but complemented: -long.MinValue has no value of its own.
            keys[i] = descending ? ~key(indexes[i]) : key(indexes[i]);
        }
        keys.AsSpan().Sort(indexes);
        for (var start = 0; start < keys.Length;)
        {
            var end = start + 1;
            while (end < keys.Length && keys[end] == keys[start])
            {
                end++;
            }
            indexes[start..end].Sort();
            start = end;
        }
    }

    private static int[] Sort(Snapshot snapshot, DetailsSort sort)
    {
        var table = snapshot.Allocations;
        var order = new int[table.Count];
        for (var i = 0; i < order.Length; i++)
        {
            order[i] = i;
        }
        if (sort.Column == DetailsColumn.Address)
        {
            if (sort.Descending)
            {
                Array.Reverse(order);
            }
            return order;
        }
        SortBy(order, Key(table, sort.Column), sort.Descending);
        return order;
    }

    private static Func<int, long> Key(AllocationTable table, DetailsColumn column)
    {
        switch (column)
        {
            case DetailsColumn.Type:
                return i => (long)table.Category(i);
            case DetailsColumn.Blocks:
                return i => table.Blocks(i);
            case DetailsColumn.Protection:
                return i => (long)table.Protections[i];
            case DetailsColumn.Details:
                var ranks = TextRanks(table.Regions);
                return i => ranks[table.Regions.Details[table.FirstRegion[i]]];
            default:
                return i => table.Value((RegionMetric)column, i);
        }
    }

    /// <summary>The place of each text in alphabetic order: texts are few, so rows are compared by number.</summary>
    internal static int[] TextRanks(RegionTable regions)
    {
        var texts = regions.Strings.ToArray();
        var indexes = Enumerable.Range(0, texts.Length).ToArray();
        Array.Sort(texts, indexes, StringComparer.OrdinalIgnoreCase);
        var ranks = new int[texts.Length];
        for (var rank = 0; rank < indexes.Length; rank++)
        {
            ranks[indexes[rank]] = rank;
        }
        return ranks;
    }
}
