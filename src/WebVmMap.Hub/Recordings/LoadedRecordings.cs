using WebVmMap.Core.Recordings;

namespace WebVmMap.Hub.Recordings;

/// <summary>
/// The recordings that are in memory: those that run, and of the others those that were looked at last, as many as there is room for.
/// Thread-safe.
/// </summary>
internal sealed class LoadedRecordings(RecordingStore store, long maximumBytes = LoadedRecordings.MaximumBytes)
{
    /// <summary>So many bytes, about, stay of recordings that nobody feeds.</summary>
    public const long MaximumBytes = 256L * 1024 * 1024;

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Task<LoadedRecording>> _all = new(StringComparer.Ordinal);
    private long _questions;

    /// <summary>How many are in memory.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _all.Count;
            }
        }
    }

    /// <summary>The recording with its first intervals; whoever asks for it at the same time gets the same.</summary>
    /// <param name="id">Which.</param>
    /// <param name="intervals">How many intervals are stored.</param>
    /// <param name="cancellation">Gives up waiting; what is being loaded is loaded.</param>
    /// <exception cref="Store.StoreException">The database refused.</exception>
    public async Task<LoadedRecording> GetAsync(string id, int intervals, CancellationToken cancellation)
    {
        Task<LoadedRecording>? loading;
        lock (_lock)
        {
            if (!_all.TryGetValue(id, out loading) || loading.IsFaulted)
            {
                _all[id] = loading = Task.Run(() => LoadAsync(id, intervals), CancellationToken.None);
            }
        }
        var loaded = await loading.WaitAsync(cancellation).ConfigureAwait(false);
        loaded.UsedAt = Interlocked.Increment(ref _questions);
        Trim(loaded);
        return loaded;
    }

    /// <summary>The recording, when it is in memory.</summary>
    public LoadedRecording? Find(string id)
    {
        lock (_lock)
        {
            return _all.TryGetValue(id, out var loading) && loading.IsCompletedSuccessfully ? loading.Result : null;
        }
    }

    /// <summary>Forgets one: it is gone, or it is no longer what is stored.</summary>
    public void Forget(string id)
    {
        lock (_lock)
        {
            _all.Remove(id);
        }
    }

    private async Task<LoadedRecording> LoadAsync(string id, int intervals)
    {
        var loaded = new LoadedRecording();
        await foreach (var additions in store.ReadAdditionsAsync(id, intervals, CancellationToken.None).ConfigureAwait(false))
        {
            // The intervals are kept, and have what those of an earlier version leave out.
            if (RecordingKeyFrame.IsOld(additions))
            {
                break;
            }
            loaded.Change(state => RecordingKeyFrame.ApplyAdditions(state, additions));
        }
        var keyed = loaded.Read(state => state.Intervals);
        if (keyed > 0 && await store.FindLedgerAsync(id, keyed, CancellationToken.None).ConfigureAwait(false) is { } ledger)
        {
            loaded.Change(state => RecordingKeyFrame.ApplyLedger(state, ledger));
        }
        await foreach (var interval in store.ReadAsync(id, keyed, intervals, CancellationToken.None).ConfigureAwait(false))
        {
            loaded.Apply(interval);
        }
        return loaded;
    }

    private void Trim(LoadedRecording keep)
    {
        lock (_lock)
        {
            var idle = _all.Where(one => one.Value.IsCompletedSuccessfully && !one.Value.Result.IsFed)
                .Select(one => (one.Key, one.Value.Result)).OrderByDescending(one => one.Result.UsedAt).ToList();
            var bytes = 0L;
            foreach (var one in idle)
            {
                // No recording's own lock is taken here: all recordings would wait for whoever reads in that one.
                bytes += one.Result.Footprint;
                if (bytes > maximumBytes && one.Result != keep)
                {
                    _all.Remove(one.Key);
                }
            }
        }
    }
}
