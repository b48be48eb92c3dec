using WebVmMap.Core.Regions;
using WebVmMap.Core.Snapshots;

namespace WebVmMap.Hub.Store;

/// <summary>The snapshots read last, decoded; bounded by the bytes that they take. Thread-safe.</summary>
public sealed class DecodedSnapshots(long maximumBytes = DecodedSnapshots.DefaultMaximumBytes)
{
    /// <summary>Two snapshots of a million regions, or hundreds of ordinary ones.</summary>
    public const long DefaultMaximumBytes = 256L << 20;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, LinkedListNode<Entry>> _byId = [];
    private readonly LinkedList<Entry> _newestFirst = [];

    /// <summary>Bytes that the kept ones take, as estimated.</summary>
    public long Bytes { get; private set; }

    /// <summary>The snapshot, if it is kept.</summary>
    public Snapshot? Find(string id)
    {
        lock (_lock)
        {
            if (!_byId.TryGetValue(id, out var node))
            {
                return null;
            }
            _newestFirst.Remove(node);
            _newestFirst.AddFirst(node);
            return node.Value.Snapshot;
        }
    }

    /// <summary>Keeps a snapshot, and lets those go that were not read for longest. One larger than the whole room is not kept.</summary>
    public void Add(string id, Snapshot snapshot)
    {
        var bytes = Estimate(snapshot);
        lock (_lock)
        {
            if (bytes > maximumBytes || _byId.ContainsKey(id))
            {
                return;
            }
            _byId[id] = _newestFirst.AddFirst(new Entry(id, snapshot, bytes));
            Bytes += bytes;
            while (Bytes > maximumBytes && _newestFirst.Last is { } oldest)
            {
                _newestFirst.RemoveLast();
                _byId.Remove(oldest.Value.Id);
                Bytes -= oldest.Value.Bytes;
            }
        }
    }

    /// <summary>Lets one go.</summary>
    public void Remove(string id)
    {
        lock (_lock)
        {
            if (_byId.Remove(id, out var node))
            {
                _newestFirst.Remove(node);
                Bytes -= node.Value.Bytes;
            }
        }
    }

    // Two addresses, eleven bytes of small columns and the metrics, once more for the allocations that may be worked out later.
    private static long Estimate(Snapshot snapshot)
    {
        const int BytesPerRegion = 2 * (8 + 8 + 11 + RegionTable.StoredMetrics * 8);
        return snapshot.Regions.Count * (long)BytesPerRegion + snapshot.Regions.Strings.Sum(text => 40L + text.Length * 2);
    }

    private sealed record Entry(string Id, Snapshot Snapshot, long Bytes);
}
