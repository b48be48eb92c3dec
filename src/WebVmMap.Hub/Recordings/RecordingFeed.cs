using WebVmMap.Core.Recordings;

namespace WebVmMap.Hub.Recordings;

/// <summary>The way in of one recording, from the opening of its stream to the end. Used by one stream, one call at a time.</summary>
internal sealed class RecordingFeed(RecordingBook book, RecordingEntry entry, LoadedRecording loaded) : IAsyncDisposable
{
    private readonly CancellationTokenSource _replaced = new();
    private bool _ended;

    /// <summary>The interval that comes next: all before it are stored.</summary>
    public int Next => entry.Now.Intervals;

    /// <summary>Cancelled when a newer stream has taken over.</summary>
    public CancellationToken Replaced => _replaced.Token;

    /// <summary>Stores an interval. One that is stored already is passed over: the agent had not heard of it.</summary>
    /// <exception cref="InvalidDataException">It is malformed or does not fit; the message says why.</exception>
    /// <exception cref="Store.StoreException">The database refused; the interval is to be sent again.</exception>
    public async Task AddAsync(ReadOnlyMemory<byte> data, CancellationToken cancellation)
    {
        var interval = RecordingCodec.Decode(data.Span);
        if (interval.Index >= Next)
        {
            await book.AddAsync(entry, this, loaded, interval, data, cancellation).ConfigureAwait(false);
        }
    }

    /// <summary>Stores what is live at the end.</summary>
    /// <exception cref="InvalidDataException">It is malformed or does not fit; the message says why.</exception>
    /// <exception cref="Store.StoreException">The database refused; all is to be sent again.</exception>
    public Task AddBlocksAsync(byte[] data) => book.AddBlocksAsync(entry, this, loaded, data);

    /// <summary>The recording has ended.</summary>
    /// <param name="error">Why it failed, one sentence; empty when it did not.</param>
    public async Task EndAsync(string error)
    {
        await book.EndAsync(entry, error).ConfigureAwait(false);
        _ended = true;
    }

    /// <summary>A newer stream takes over.</summary>
    public void Replace() => _ = _replaced.CancelAsync();

    /// <summary>The stream is over. One that did not say that the recording has ended is waited for again.</summary>
    public async ValueTask DisposeAsync()
    {
        loaded.FeedEnds();
        await book.ClosedAsync(entry, this, _ended).ConfigureAwait(false);
    }
}
