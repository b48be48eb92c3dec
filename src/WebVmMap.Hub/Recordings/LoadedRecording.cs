using WebVmMap.Core.Recordings;

namespace WebVmMap.Hub.Recordings;

/// <summary>What is in a recording, in memory. Thread-safe: one reads or adds at a time.</summary>
internal sealed class LoadedRecording
{
    // Both ends of two spans, which are asked for again with every moment of a recording that runs.
    private const int KeptLedgers = 4;

    private readonly Lock _lock = new();
    private readonly RecordingState _state = new();
    private readonly LinkedList<SiteLedger> _ledgers = [];
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

    /// <summary>What sites did until an interval, when it was asked for lately. Nothing is added to it any more.</summary>
    public SiteLedger? FindLedger(int intervals)
    {
        lock (_lock)
        {
            for (var at = _ledgers.First; at is not null; at = at.Next)
            {
                if (at.Value.Intervals == intervals)
                {
                    _ledgers.Remove(at);
                    _ledgers.AddFirst(at);
                    return at.Value;
                }
            }
            return null;
        }
    }

    /// <summary>Keeps one for the next question.</summary>
    public void Keep(SiteLedger ledger)
    {
        lock (_lock)
        {
            _ledgers.AddFirst(ledger);
            if (_ledgers.Count > KeptLedgers)
            {
                _ledgers.RemoveLast();
            }
        }
    }
}
