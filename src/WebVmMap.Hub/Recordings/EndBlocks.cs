using WebVmMap.Core.Recordings;

namespace WebVmMap.Hub.Recordings;

/// <summary>What was live when recordings ended; those that were asked for last stay in memory. Thread-safe.</summary>
internal sealed class EndBlocks(RecordingStore store)
{
    // Of a million blocks each at most: 32 MB.
    private readonly LastRead<KeptBlocks> _last = new(4);

    /// <summary>What was live when a recording ended; null when that was not kept.</summary>
    /// <exception cref="Store.StoreException">The database refused, or what is stored is damaged.</exception>
    public async Task<KeptBlocks?> GetAsync(string id, CancellationToken cancellation)
    {
        if (_last.Find(id) is { } known)
        {
            return known;
        }
        if (await store.ReadBlocksAsync(id, cancellation).ConfigureAwait(false) is not { } data)
        {
            return null;
        }
        var blocks = KeptBlocksCodec.Decode(data);
        _last.Keep(id, blocks);
        return blocks;
    }

    /// <summary>Forgets one: it is gone.</summary>
    public void Forget(string id) => _last.Forget(id);
}
