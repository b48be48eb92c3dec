namespace WebVmMap.Hub.Wakes;

/// <summary>
/// Wakes one view. Calls never overlap, a burst becomes one more call, and a call begins at the earliest
/// <see cref="Gap"/> after the one before it ended. Whoever wakes never waits: the view runs on the thread pool.
/// Thread-safe.
/// </summary>
public sealed partial class Wakeup : IDisposable
{
    /// <summary>Shortest time from the end of one call to the begin of the next.</summary>
    public static readonly TimeSpan Gap = TimeSpan.FromMilliseconds(100);

    private readonly Lock _lock = new();
    private readonly Action _callback;
    private readonly ILogger _logger;
    private readonly ITimer _timer;
    private readonly Action<Wakeup>? _removed;
    private bool _wanted;
    private bool _resting;
    private bool _disposed;

    /// <summary>Wraps a callback.</summary>
    /// <param name="callback">Called on the thread pool; what it throws is logged and otherwise harmless.</param>
    /// <param name="time">Measures the gap.</param>
    /// <param name="logger">Told of what the callback throws.</param>
    /// <param name="removed">Told once, on disposal.</param>
    public Wakeup(Action callback, TimeProvider time, ILogger logger, Action<Wakeup>? removed = null)
    {
        _callback = callback;
        _logger = logger;
        _removed = removed;
        _timer = time.CreateTimer(static state => ((Wakeup)state!).GapIsOver(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Asks for a call. Returns at once.</summary>
    public void Wake()
    {
        lock (_lock)
        {
            if (_disposed || _wanted)
            {
                return;
            }
            _wanted = true;
            if (_resting)
            {
                return;
            }
            _resting = true;
        }
        ThreadPool.UnsafeQueueUserWorkItem(static wakeup => wakeup.Call(), this, preferLocal: false);
    }

    /// <summary>No call begins after this returns; one that runs already may still be ending.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            if (_disposed)
            {
                return;
            }
            _disposed = true;
        }
        _timer.Dispose();
        _removed?.Invoke(this);
    }

    // From here to the end of the gap _resting is true, so only one thread at a time comes here.
    private void Call()
    {
        lock (_lock)
        {
            if (_disposed)
            {
                return;
            }
            _wanted = false;
        }
        try
        {
            _callback();
        }
#pragma warning disable CA1031 // A view's fault must not end the process: it runs on a thread of the pool.
        catch (Exception ex)
#pragma warning restore CA1031
        {
            Log.WakeFailed(_logger, ex);
        }
        lock (_lock)
        {
            if (!_disposed)
            {
                _timer.Change(Gap, Timeout.InfiniteTimeSpan);
            }
        }
    }

    private void GapIsOver()
    {
        lock (_lock)
        {
            if (_disposed)
            {
                return;
            }
            if (!_wanted)
            {
                _resting = false;
                return;
            }
        }
        Call();
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 10, EventName = "WakeFailed", Level = LogLevel.Error, Message = "A view failed when it was told of a change.")]
        public static partial void WakeFailed(ILogger logger, Exception exception);
    }
}
