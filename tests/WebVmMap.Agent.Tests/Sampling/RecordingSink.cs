using System.Threading.Channels;
using WebVmMap.Agent.Sampling;
using WebVmMap.Core.Processes;
using WebVmMap.Probes;

namespace WebVmMap.Agent.Tests.Sampling;

/// <summary>Takes samples and, while it is told to be slow, does not finish taking them. Fails on overlapping calls.</summary>
internal sealed class RecordingSink : ISampleSink
{
    private readonly Channel<Sent> _sent = Channel.CreateUnbounded<Sent>();
    private TaskCompletionSource? _slow;
    private int _inside;

    /// <summary>One call.</summary>
    internal sealed record Sent(WatchCost? Cost, byte[]? Frame, ProcessCounters? Counters, ProbeFailure? Ended);

    /// <summary>How many calls were begun.</summary>
    public int Count { get; private set; }

    /// <summary>The next call does not finish until <see cref="Resume"/>.</summary>
    public void BeSlow() => _slow = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Resume()
    {
        var slow = _slow;
        _slow = null;
        slow?.SetResult();
    }

    /// <summary>The slow call fails, as it does when the connection breaks.</summary>
    public void Break(Exception exception)
    {
        var slow = _slow;
        _slow = null;
        slow?.SetException(exception);
    }

    public async Task<Sent> NextAsync() => await _sent.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(TimeSpan.FromSeconds(30));

    public Task SendFrameAsync(WatchCost cost, ReadOnlyMemory<byte> frame, CancellationToken cancellation) =>
        TakeAsync(new Sent(cost, frame.ToArray(), null, null), cancellation);

    public Task SendCountersAsync(ProcessCounters counters, DateTimeOffset time, CancellationToken cancellation) =>
        TakeAsync(new Sent(null, null, counters, null), cancellation);

    public Task SendEndedAsync(ProbeFailure reason, CancellationToken cancellation) =>
        TakeAsync(new Sent(null, null, null, reason), cancellation);

    private async Task TakeAsync(Sent sent, CancellationToken cancellation)
    {
        Assert.Equal(1, Interlocked.Increment(ref _inside));
        try
        {
            Count++;
            _sent.Writer.TryWrite(sent);
            if (_slow is { } slow)
            {
                await slow.Task.WaitAsync(cancellation);
            }
        }
        finally
        {
            Interlocked.Decrement(ref _inside);
        }
    }
}
