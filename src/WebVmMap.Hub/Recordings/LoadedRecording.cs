using WebVmMap.Core.Recordings;

namespace WebVmMap.Hub.Recordings;

/// <summary>
/// What is in a recording, in memory. Thread-safe: one reads or adds at a time. What takes long is read from a <see cref="View"/>, so that
/// new intervals do not wait for it.
/// </summary>
internal sealed class LoadedRecording
{
    // Both ends of two spans, which are asked for again with every moment of a recording that runs.
    private const int KeptLedgers = 4;

    private readonly Lock _lock = new();
    private readonly RecordingState _state = new();
    private readonly LinkedList<SiteLedger> _ledgers = [];
    private int _feeds;
    private long _footprint;

    /// <summary>When it was last asked for, as a number that grows with every question.</summary>
    public long UsedAt { get; set; }

    /// <summary>Whether intervals come: then it may not be forgotten.</summary>
    public bool IsFed => Volatile.Read(ref _feeds) > 0;

    /// <summary>About how many bytes it takes. Known without waiting for whoever reads.</summary>
    public long Footprint => Volatile.Read(ref _footprint);

    public void FeedBegins() => Interlocked.Increment(ref _feeds);

    public void FeedEnds() => Interlocked.Decrement(ref _feeds);

    /// <summary>What is there now, for a read that takes long: intervals that come meanwhile change nothing in it.</summary>
    public RecordingState View()
    {
        lock (_lock)
        {
            return _state.View();
        }
    }

    /// <summary>Reads while nothing is added: for what is quick, and for what no view has.</summary>
    public T Read<T>(Func<RecordingState, T> read)
    {
        lock (_lock)
        {
            return read(_state);
        }
    }

    /// <exception cref="InvalidDataException">It does not fit what is there; the message says why.</exception>
    public void Apply(RecordingInterval interval) => Change(state => state.Apply(interval));

    /// <summary>Adds to it in another way.</summary>
    public void Change(Action<RecordingState> change)
    {
        lock (_lock)
        {
            change(_state);
            Volatile.Write(ref _footprint, _state.Footprint);
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
