using System.Threading.Channels;

namespace WebVmMap.Hub.Components.Refresh;

/// <summary>
/// Turns wakes into refreshes of one view: refreshes never overlap, a burst of wakes becomes one more refresh, and the gap
/// to the next counts from the end of the one before, so a slow page skips states instead of queueing them. Thread-safe.
/// </summary>
public sealed class LiveRefresh : IAsyncDisposable
{
    /// <summary>The usual gap between two refreshes.</summary>
    public static readonly TimeSpan DefaultGap = TimeSpan.FromMilliseconds(100);

    /// <summary>What a dear refresh is followed by at most.</summary>
    public static readonly TimeSpan LongestRest = TimeSpan.FromSeconds(1);

    private readonly Channel<bool> _wakes = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly CancellationTokenSource _stop = new();
    private readonly Func<Task> _refresh;
    private readonly TimeProvider _time;
    private readonly TimeSpan _gap;
    private readonly int _rest;
    private readonly Action<Exception> _failed;
    private readonly Task _running;
    private readonly IDisposable? _wakers;

    /// <summary>Starts to wait for wakes.</summary>
    /// <param name="refresh">Pulls the newest state and shows it.</param>
    /// <param name="time">The clock.</param>
    /// <param name="failed">Told of a refresh that threw; the next wake tries again.</param>
    /// <param name="gap">Shortest time from the end of a refresh to the next; <see cref="DefaultGap"/> when null.</param>
    /// <param name="subscribe">Has <see cref="Wake"/> called on every change, until what it returns is disposed, which is with this; null when the caller wakes.</param>
    /// <param name="rest">The gap is also so many times as long as the refresh took, up to <see cref="LongestRest"/>, so that one that is dear is made less often.</param>
    public LiveRefresh(Func<Task> refresh, TimeProvider time, Action<Exception> failed, TimeSpan? gap = null, Func<Action, IDisposable>? subscribe = null, int rest = 0)
    {
        _refresh = refresh;
        _time = time;
        _failed = failed;
        _gap = gap ?? DefaultGap;
        _rest = rest;
        _running = Task.Run(RunAsync);
        _wakers = subscribe?.Invoke(Wake);
    }

    /// <summary>Asks for a refresh soon. Returns at once; may be called from any thread, and after disposal does nothing.</summary>
    public void Wake() => _wakes.Writer.TryWrite(true);

    /// <summary>Stops. Does not wait for a refresh under way: it may itself be waiting for the caller's context.</summary>
    public async ValueTask DisposeAsync()
    {
        _wakers?.Dispose();
        _wakes.Writer.TryComplete();
        await _stop.CancelAsync();
    }

    private async Task RunAsync()
    {
        try
        {
            await foreach (var _ in _wakes.Reader.ReadAllAsync(_stop.Token))
            {
                var began = _time.GetTimestamp();
                try
                {
                    await _refresh();
                }
                catch (Exception ex) when (!_stop.IsCancellationRequested)
                {
                    _failed(ex);
                }
                var rest = TimeSpan.FromTicks(Math.Min(_time.GetElapsedTime(began).Ticks * _rest, LongestRest.Ticks));
                await Task.Delay(rest > _gap ? rest : _gap, _time, _stop.Token);
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The view is gone: nothing to refresh.
        }
    }

    /// <summary>Ends when the loop has ended, for tests.</summary>
    internal Task Completion => _running;
}
