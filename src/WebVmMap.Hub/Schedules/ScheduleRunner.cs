using System.Collections.Concurrent;
using WebVmMap.Hub.Hosts;
using WebVmMap.Hub.Processes;
using WebVmMap.Hub.Store;

namespace WebVmMap.Hub.Schedules;

/// <summary>
/// Runs the schedules and rules, whether or not anybody watches: looks every few seconds what is due, one run at a time for each host.
/// What is due on a host that is not done yet waits for the next look, and moments that passed meanwhile are counted as skipped.
/// </summary>
internal sealed partial class ScheduleRunner(
    ScheduleBook book, IProcessDirectory processes, IHostDirectory hosts, ISnapshotTaker taker, TimeProvider time, ILogger<ScheduleRunner> logger)
    : BackgroundService
{
    /// <summary>From one look to the next.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromSeconds(20);

    private readonly Dictionary<string, HostWatch> _watches = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, Task> _running = new(StringComparer.Ordinal);

    /// <summary>Starts what is due now. Called by one thread at a time.</summary>
    /// <returns>Done when all of it has run.</returns>
    public Task LookAsync(CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        foreach (var host in book.All.Where(s => s.Enabled).Select(s => s.HostId).Distinct())
        {
            if (_running.ContainsKey(host))
            {
                continue;
            }
            if (!_watches.TryGetValue(host, out var watch))
            {
                _watches[host] = watch = new HostWatch(host, processes, hosts, taker);
            }
            if (watch.Due(book.All, now) is { Count: > 0 } due)
            {
                var start = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                _running[host] = RunAsync(host, watch, due, now, start.Task, cancellation);
                start.SetResult();
            }
        }
        return Task.WhenAll(_running.Values);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // A schedule that was just made does not wait for the next look.
        using var changed = new SemaphoreSlim(0, 1);
        var known = -1;
        using var subscription = book.Subscribe(() =>
        {
            if (Interlocked.Exchange(ref known, book.All.Length) != book.All.Length && changed.CurrentCount == 0)
            {
                changed.Release();
            }
        });
        try
        {
            while (true)
            {
                _ = LookAsync(stoppingToken);
                using var next = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
                var wait = Task.Delay(Period, time, next.Token);
                await Task.WhenAny(wait, changed.WaitAsync(next.Token)).ConfigureAwait(false);
                await next.CancelAsync().ConfigureAwait(false);
                stoppingToken.ThrowIfCancellationRequested();
            }
        }
        catch (OperationCanceledException)
        {
            // The hub ends.
        }
        finally
        {
            await Task.WhenAll(_running.Values).ConfigureAwait(false);
        }
    }

    // Never faults: what goes wrong is shown beside the schedule, or in the log where even that cannot be written.
    private async Task RunAsync(string host, HostWatch watch, IReadOnlyList<Schedule> due, DateTimeOffset now, Task started, CancellationToken cancellation)
    {
        await started.ConfigureAwait(false);
        try
        {
            var results = await watch.RunAsync(due, now, cancellation).ConfigureAwait(false);
            if (results.Count > 0)
            {
                await book.ReportAsync(results, cancellation).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // The hub ends.
        }
        catch (StoreException ex)
        {
            Log.StoreRefused(logger, host, ex.Message);
        }
#pragma warning disable CA1031 // One host's fault must not end the others' schedules; the log has all of it.
        catch (Exception ex)
#pragma warning restore CA1031
        {
            Log.Failed(logger, host, ex);
        }
        finally
        {
            _running.TryRemove(host, out _);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 60, EventName = "SchedulesNotRun", Level = LogLevel.Warning, Message = "The schedules of host {Host} could not run. {Reason}")]
        public static partial void StoreRefused(ILogger logger, string host, string reason);

        [LoggerMessage(EventId = 61, EventName = "SchedulesFailed", Level = LogLevel.Error, Message = "The schedules of host {Host} failed.")]
        public static partial void Failed(ILogger logger, string host, Exception exception);
    }
}
