using WebVmMap.Hub.Store;

namespace WebVmMap.Hub.Hosts;

/// <summary>Writes down twice a minute, and at the end, when the hosts were last heard of: a heartbeat alone is not worth a write to disk.</summary>
internal sealed partial class LastSeenWriter(HostDirectory hosts, TimeProvider time, ILogger<LastSeenWriter> logger) : BackgroundService
{
    private static readonly TimeSpan s_period = TimeSpan.FromSeconds(30);

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken).ConfigureAwait(false);
        await SaveAsync().ConfigureAwait(false);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(s_period, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false))
            {
                await SaveAsync().ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException)
        {
            // The hub ends.
        }
    }

    private async Task SaveAsync()
    {
        try
        {
            await hosts.SaveLastSeenAsync(CancellationToken.None).ConfigureAwait(false);
        }
        catch (StoreException ex)
        {
            Log.NotSaved(logger, ex.Message);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 20, EventName = "LastSeenNotSaved", Level = LogLevel.Warning, Message = "When hosts were last seen could not be written down. {Reason}")]
        public static partial void NotSaved(ILogger logger, string reason);
    }
}
