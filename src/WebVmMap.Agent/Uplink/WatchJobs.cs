using System.Collections.Concurrent;
using Grpc.Core;
using Microsoft.Extensions.Logging;
using WebVmMap.Agent.Sampling;
using WebVmMap.Probes;
using WebVmMap.Protocol;
using WebVmMap.Protocol.V1;

namespace WebVmMap.Agent.Uplink;

/// <summary>The watches of one connection. Thread-safe.</summary>
internal sealed partial class WatchJobs(AgentContext context, HubConnection connection, ControlOutbox outbox)
{
    private readonly ConcurrentDictionary<string, ActiveWatch> _watches = new(StringComparer.Ordinal);
    private readonly JobSet _jobs = new(context.Options.Limits.Watches);

    /// <summary>Begins a watch, or says why not.</summary>
    public async ValueTask StartAsync(Watch watch, CancellationToken cancellation)
    {
        var budget = new SamplingBudget(context.Options.Limits);
        var active = new ActiveWatch(watch.WatchId, watch.Process, budget);
        active.Request.SetInterval(budget.Admit(watch.IntervalMs));
        if (!_watches.TryAdd(watch.WatchId, active))
        {
            active.Dispose();
            await outbox.SendFailureAsync(watch.WatchId, FailureCode.Failed, $"The hub began the watch '{watch.WatchId}' twice.", cancellation);
        }
        else if (!_jobs.TryStart(() => RunAsync(active, cancellation)))
        {
            Forget(active);
            var message = $"The agent watches {_jobs.Most} processes already, the most it permits itself: close the page of another one first.";
            await outbox.SendFailureAsync(watch.WatchId, FailureCode.Busy, message, cancellation);
        }
    }

    /// <summary>Changes the interval of a watch. One that has ended meanwhile is not an error.</summary>
    public void SetInterval(SetWatchInterval change)
    {
        if (_watches.TryGetValue(change.WatchId, out var watch))
        {
            watch.Request.SetInterval(watch.Budget.Admit(change.IntervalMs));
        }
    }

    /// <summary>Ends a watch. One that has ended meanwhile is not an error.</summary>
    public void Stop(Unwatch unwatch)
    {
        if (_watches.TryGetValue(unwatch.WatchId, out var watch))
        {
            watch.Stop();
        }
    }

    /// <summary>Ends every watch; returns when all have ended.</summary>
    public Task StopAllAsync()
    {
        foreach (var watch in _watches.Values)
        {
            watch.Stop();
        }
        return _jobs.WhenEnded();
    }

    // The edge of a job: whatever goes wrong in one watch is logged and ends that watch alone.
    private async Task RunAsync(ActiveWatch watch, CancellationToken session)
    {
        try
        {
            var opened = context.Probe.Open(watch.Process.Pid, watch.Process.WantedStamp());
            if (opened.TryGet(out var probe))
            {
                await SampleAsync(watch, probe, session);
            }
            else
            {
                await outbox.SendFailureAsync(watch.Id, opened.Outcome.ToWire(), opened.Message, session);
            }
        }
        catch (OperationCanceledException)
        {
            // The hub wants no more, or the connection ends: both are known where they happened.
        }
        catch (RpcException exception)
        {
            Log.StreamBroke(context.Logger, watch.Process.Pid, connection.Explain(exception));
        }
        catch (Exception exception)
        {
            Log.WatchFailed(context.Logger, watch.Process.Pid, exception);
            var message = $"The agent failed to watch process {watch.Process.Pid}: {exception.Message} Its log says more.";
            await TrySendFailureAsync(watch.Id, message, session);
        }
        finally
        {
            Forget(watch);
            ReleaseMemoryWhenIdle();
        }
    }

    private async Task SampleAsync(ActiveWatch watch, IProcessProbe probe, CancellationToken session)
    {
        using var stream = new SampleStream(connection, watch.Id, session);
        using var sampler = new WatchSampler(probe, stream, watch.Request, watch.Budget, context.Passes, context.Drops, context.Time, context.Logger);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(session, watch.Stopped);
        var listening = stream.ListenAsync(watch.Request, session);
        using var send = CancellationTokenSource.CreateLinkedTokenSource(session);
        var sampling = sampler.RunAsync(stop.Token, send.Token);
        await Task.WhenAny(listening, sampling);
        // When the hub has ended the stream it wants no more; when the sampler has ended this does nothing.
        await stop.CancelAsync();
        send.CancelAfter(context.Options.Limits.Grace);
        await sampling.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!sampling.IsFaulted && !listening.IsCompleted)
        {
            await stream.CompleteAsync();
        }
        await Task.WhenAny(listening, Task.Delay(context.Options.Limits.Grace, session));
        // A stream that broke is why the sampler failed, if it did: that reason is the better one to tell.
        await (listening.IsCompleted ? listening : sampling);
    }

    private async Task TrySendFailureAsync(string id, string message, CancellationToken session)
    {
        try
        {
            await outbox.SendFailureAsync(id, FailureCode.Failed, message, session);
        }
        catch (OperationCanceledException)
        {
            // The connection has ended; there is nobody to tell.
        }
    }

    private void Forget(ActiveWatch watch)
    {
        _watches.TryRemove(new KeyValuePair<string, ActiveWatch>(watch.Id, watch));
        watch.Dispose();
    }

    // The tables of a huge process are garbage of tens of megabytes. With no watch left nothing allocates, so no collection
    // would come by itself to give them back to the system.
    private void ReleaseMemoryWhenIdle()
    {
        if (_watches.IsEmpty)
        {
            GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 30, EventName = "StreamBroke", Level = LogLevel.Warning, Message = "The stream of samples of process {Pid} broke: {Reason}.")]
        public static partial void StreamBroke(ILogger logger, int pid, string reason);

        [LoggerMessage(EventId = 31, EventName = "WatchFailed", Level = LogLevel.Error, Message = "Watching process {Pid} failed unexpectedly; its watch ends.")]
        public static partial void WatchFailed(ILogger logger, int pid, Exception exception);
    }
}
