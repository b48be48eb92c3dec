using Microsoft.Extensions.Logging;
using WebVmMap.Core.Snapshots;
using WebVmMap.Probes;

namespace WebVmMap.Agent.Sampling;

/// <summary>
/// Samples one watched process: full passes at the interval that the viewers ask for or, where those would pass the budget,
/// as often as it allows, with the cheap counters at the ticks between. At most one sample is on its way; while it is, ticks are
/// skipped and counted, so a slow hub costs no memory. One run per instance.
/// </summary>
internal sealed partial class WatchSampler : IDisposable
{
    private readonly IProcessProbe _probe;
    private readonly ISampleSink _sink;
    private readonly WatchRequest _request;
    private readonly SamplingBudget _budget;
    private readonly SemaphoreSlim _passes;
    private readonly DropCount _drops;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;

    private readonly FrameEncoder _encoder = new(includeGaps: false);
    private Snapshot? _newest;
    private WatchCost _cost;
    private Task _sending = Task.CompletedTask;

    // Moments as timestamps of _time; the first pass and the first tick are due at once.
    private long? _lastPass;
    private long? _lastTick;

    /// <summary>Takes over the probe: it is disposed with the sampler.</summary>
    /// <param name="probe">The process.</param>
    /// <param name="sink">Where samples go.</param>
    /// <param name="request">What the hub wants; may change at any time.</param>
    /// <param name="budget">How often full passes may run.</param>
    /// <param name="passes">Shared by all watches: how many full passes run at the same time.</param>
    /// <param name="drops">Where skipped ticks are counted.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Where unexpected errors of the probe go.</param>
    public WatchSampler(
        IProcessProbe probe,
        ISampleSink sink,
        WatchRequest request,
        SamplingBudget budget,
        SemaphoreSlim passes,
        DropCount drops,
        TimeProvider time,
        ILogger logger)
    {
        _probe = probe;
        _sink = sink;
        _request = request;
        _budget = budget;
        _passes = passes;
        _drops = drops;
        _time = time;
        _logger = logger;
    }

    /// <summary>Samples until the process cannot be looked at any more, which the sink is told.</summary>
    /// <param name="cancellation">Ends it; a sample that is on its way is still sent.</param>
    /// <param name="sending">Breaks off what is on its way, too.</param>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    /// <exception cref="Exception">What the sink threw.</exception>
    public async Task RunAsync(CancellationToken cancellation, CancellationToken sending)
    {
        try
        {
            await SampleUntilEndedAsync(cancellation, sending);
        }
        finally
        {
            // Whatever ended the run is what the caller hears of; the sink is not left in use.
            await _sending.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Closes the process.</summary>
    public void Dispose() => _probe.Dispose();

    private async Task SampleUntilEndedAsync(CancellationToken cancellation, CancellationToken sending)
    {
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            // Read before the wishes themselves: a change between the two then only means one more look.
            var changed = _request.Changed;
            var busy = !_sending.IsCompleted;
            if (!busy)
            {
                await _sending;
                if (_request.KeyFrame && _newest is { } newest)
                {
                    _request.KeyFrameSent();
                    _sending = _sink.SendFrameAsync(_cost, _encoder.Key(newest), sending);
                    continue;
                }
            }
            var now = _time.GetTimestamp();
            var passDue = UntilPass(now) <= TimeSpan.Zero;
            var tickDue = UntilTick(now) <= TimeSpan.Zero;
            if (busy && (passDue || tickDue))
            {
                if (tickDue)
                {
                    _drops.Add();
                    _lastTick = now;
                }
            }
            else if (passDue || tickDue)
            {
                if (await SampleAsync(now, passDue, cancellation, sending) is { } failure)
                {
                    await _sending;
                    await _sink.SendEndedAsync(failure, sending);
                    return;
                }
                continue;
            }
            await WaitAsync(changed, busy && (passDue || _request.KeyFrame), cancellation);
        }
    }

    private TimeSpan UntilPass(long now)
    {
        if (_lastPass is not { } last)
        {
            return TimeSpan.Zero;
        }
        var elapsed = _time.GetElapsedTime(last, now);
        var interval = _request.Interval;
        var regular = interval == TimeSpan.Zero ? TimeSpan.MaxValue : _budget.EffectiveInterval(interval) - elapsed;
        var byHand = _request.SampleNow ? _budget.AfterWishByHand - elapsed : TimeSpan.MaxValue;
        return byHand < regular ? byHand : regular;
    }

    private TimeSpan UntilTick(long now)
    {
        var interval = _request.Interval;
        return interval == TimeSpan.Zero ? TimeSpan.MaxValue
            : _lastTick is { } last ? interval - _time.GetElapsedTime(last, now)
            : TimeSpan.Zero;
    }

    // Returns why there will be no more samples, or null.
    // Whatever a probe throws ends this watch and no other; it is logged and the hub is told.
    private async Task<ProbeFailure?> SampleAsync(long now, bool full, CancellationToken cancellation, CancellationToken sending)
    {
        _lastTick = now;
        try
        {
            return full ? await PassAsync(cancellation, sending) : Tick(sending);
        }
        catch (Exception exception) when (!cancellation.IsCancellationRequested)
        {
            Log.ProbeFailed(_logger, _probe.Key.Pid, exception);
            return new ProbeFailure(ProbeOutcome.Failed, $"The agent failed to look at process {_probe.Key.Pid}: {exception.Message} Its log says more.");
        }
    }

    private async Task<ProbeFailure?> PassAsync(CancellationToken cancellation, CancellationToken sending)
    {
        await _passes.WaitAsync(cancellation);
        var now = _time.GetTimestamp();
        byte[] frame;
        try
        {
            _request.SampleTaken();
            // Off the caller's thread: a pass blocks in the system for as long as the target has pages.
            var taken = await Task.Run(() => _probe.TakeSnapshot(cancellation), cancellation);
            if (!taken.TryGet(out var snapshot))
            {
                return taken.Failure;
            }
            var encoding = _time.GetTimestamp();
            frame = Encode(snapshot);
            var encoded = _time.GetElapsedTime(encoding);
            _newest = snapshot;
            _budget.Spend(new PassCost(
                TimeSpan.FromMilliseconds(snapshot.Cost.AgentCpuMs) + encoded,
                TimeSpan.FromMilliseconds(snapshot.Cost.ElapsedMs) + encoded));
        }
        finally
        {
            _passes.Release();
        }
        _cost = CostNow(now, _newest);
        _lastPass = now;
        _sending = _sink.SendFrameAsync(_cost, frame, sending);
        return null;
    }

    private byte[] Encode(Snapshot snapshot)
    {
        if (!_request.KeyFrame)
        {
            return _encoder.Next(snapshot);
        }
        _request.KeyFrameSent();
        return _encoder.Key(snapshot);
    }

    private ProbeFailure? Tick(CancellationToken sending)
    {
        var time = _time.GetUtcNow();
        var read = _probe.ReadCounters();
        if (!read.TryGet(out var counters))
        {
            return read.Failure;
        }
        _sending = _sink.SendCountersAsync(counters, time, sending);
        return null;
    }

    // At an interval, a pass is paid for by the time until the next one; by hand, by the time since the one before it.
    private WatchCost CostNow(long now, Snapshot snapshot)
    {
        var interval = _request.Interval;
        var effective = interval == TimeSpan.Zero ? interval : _budget.EffectiveInterval(interval);
        var period = interval != TimeSpan.Zero ? effective : _lastPass is { } last ? _time.GetElapsedTime(last, now) : TimeSpan.Zero;
        return new WatchCost(snapshot.Process, effective, period > TimeSpan.Zero ? _budget.Last.Cpu / period : 0);
    }

    private async Task WaitAsync(Task changed, bool forSender, CancellationToken cancellation)
    {
        var now = _time.GetTimestamp();
        var untilPass = forSender ? TimeSpan.MaxValue : UntilPass(now);
        var untilTick = UntilTick(now);
        var until = untilPass < untilTick ? untilPass : untilTick;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var timer = until == TimeSpan.MaxValue ? Task.Delay(Timeout.InfiniteTimeSpan, stop.Token)
            : until <= TimeSpan.Zero ? Task.CompletedTask
            : Task.Delay(RoundUp(until), _time, stop.Token);
        await (forSender ? Task.WhenAny(timer, changed, _sending) : Task.WhenAny(timer, changed));
        await stop.CancelAsync();
    }

    // Timers count in milliseconds; one that fires a fraction early would only spin.
    private static TimeSpan RoundUp(TimeSpan until) => TimeSpan.FromMilliseconds(Math.Ceiling(until.TotalMilliseconds));

    private static partial class Log
    {
        [LoggerMessage(EventId = 20, EventName = "ProbeFailed", Level = LogLevel.Error, Message = "Looking at process {Pid} failed unexpectedly; its watch ends.")]
        public static partial void ProbeFailed(ILogger logger, int pid, Exception exception);
    }
}
