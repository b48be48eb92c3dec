using WebVmMap.Core.Diffs;

namespace WebVmMap.Hub.Store;

/// <summary>Compares snapshots of the store.</summary>
internal sealed class SnapshotDiffs(ISnapshotStore store) : ISnapshotDiffs
{
    /// <summary>
    /// A diff page asks for the same diff again and again while its reader sorts and filters. Each holds both its snapshots, so
    /// there are few, and few rows: two snapshots of a million regions, or four ordinary ones.
    /// </summary>
    private const int MaximumKept = 4;
    private const int MaximumRows = 2_000_000;

    private readonly Lock _lock = new();
    private readonly LinkedList<(string Before, string After, SnapshotDiff Diff)> _newestFirst = [];

    public async Task<StoredDiff> CompareAsync(string before, string after, CancellationToken cancellation)
    {
        // What is known of them may change (a label), and one may have been deleted; their regions never change.
        var older = await store.FindAsync(before, cancellation).ConfigureAwait(false);
        var newer = await store.FindAsync(after, cancellation).ConfigureAwait(false);
        var found = new StoredDiff { Before = older, After = newer };
        if (older is null || newer is null)
        {
            return found;
        }
        if (Kept(before, after) is { } kept)
        {
            return found with { Diff = kept };
        }
        var snapshotBefore = await store.LoadAsync(before, cancellation).ConfigureAwait(false);
        var snapshotAfter = await store.LoadAsync(after, cancellation).ConfigureAwait(false);
        if (snapshotBefore is null || snapshotAfter is null)
        {
            // Deleted since it was found.
            return found with { Before = snapshotBefore is null ? null : older, After = snapshotAfter is null ? null : newer };
        }
        if (SnapshotDiff.Refusal(snapshotBefore, snapshotAfter) is { } refusal)
        {
            return found with { Refusal = refusal };
        }
        var diff = SnapshotDiff.Between(snapshotBefore, snapshotAfter, sameHost: older.HostId == newer.HostId);
        Keep(before, after, diff);
        return found with { Diff = diff };
    }

    private SnapshotDiff? Kept(string before, string after)
    {
        lock (_lock)
        {
            for (var node = _newestFirst.First; node is not null; node = node.Next)
            {
                if (node.Value.Before == before && node.Value.After == after)
                {
                    _newestFirst.Remove(node);
                    _newestFirst.AddFirst(node);
                    return node.Value.Diff;
                }
            }
            return null;
        }
    }

    private void Keep(string before, string after, SnapshotDiff diff)
    {
        lock (_lock)
        {
            _newestFirst.AddFirst((before, after, diff));
            while (_newestFirst.Count > MaximumKept || (_newestFirst.Count > 0 && _newestFirst.Sum(kept => (long)kept.Diff.Regions.Count) > MaximumRows))
            {
                _newestFirst.RemoveLast();
            }
        }
    }
}
