using WebVmMap.Core.Recordings;

namespace WebVmMap.Hub.Recordings;

/// <summary>What was live when recordings ended; those that were asked for last stay in memory. Thread-safe.</summary>
internal sealed class EndBlocks(RecordingStore store)
{
    // Of a million blocks each at most: 32 MB.
    private const int Kept = 4;

    private readonly Lock _lock = new();
    private readonly LinkedList<(string Id, KeptBlocks Blocks)> _last = [];

    /// <summary>What was live when a recording ended; null when that was not kept.</summary>
    /// <exception cref="Store.StoreException">The database refused, or what is stored is damaged.</exception>
    public async Task<KeptBlocks?> GetAsync(string id, CancellationToken cancellation)
    {
        lock (_lock)
        {
            for (var at = _last.First; at is not null; at = at.Next)
            {
                if (at.Value.Id == id)
                {
                    _last.Remove(at);
                    _last.AddFirst(at);
                    return at.Value.Blocks;
                }
            }
        }
        if (await store.ReadBlocksAsync(id, cancellation).ConfigureAwait(false) is not { } data)
        {
            return null;
        }
        var blocks = KeptBlocksCodec.Decode(data);
        lock (_lock)
        {
            _last.AddFirst((id, blocks));
            if (_last.Count > Kept)
            {
                _last.RemoveLast();
            }
        }
        return blocks;
    }

    /// <summary>Forgets one: it is gone.</summary>
    public void Forget(string id)
    {
        lock (_lock)
        {
            for (var at = _last.First; at is not null; at = at.Next)
            {
                if (at.Value.Id == id)
                {
                    _last.Remove(at);
                    return;
                }
            }
        }
    }
}
