using WebVmMap.Core.Recordings;

namespace WebVmMap.Hub.Recordings;

/// <summary>What is in a recording, in memory. Thread-safe: one reads or adds at a time.</summary>
internal sealed class LoadedRecording
{
    private readonly Lock _lock = new();
    private readonly RecordingState _state = new();
    private int _feeds;

    /// <summary>When it was last asked for, as a number that grows with every question.</summary>
    public long UsedAt { get; set; }

    /// <summary>Whether intervals come: then it may not be forgotten.</summary>
    public bool IsFed => Volatile.Read(ref _feeds) > 0;

    public void FeedBegins() => Interlocked.Increment(ref _feeds);

    public void FeedEnds() => Interlocked.Decrement(ref _feeds);

    public T Read<T>(Func<RecordingState, T> read)
    {
        lock (_lock)
        {
            return read(_state);
        }
    }

    /// <exception cref="InvalidDataException">It does not fit what is there; the message says why.</exception>
    public void Apply(RecordingInterval interval)
    {
        lock (_lock)
        {
            _state.Apply(interval);
        }
    }
}
