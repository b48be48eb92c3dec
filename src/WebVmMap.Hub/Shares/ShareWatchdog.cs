using WebVmMap.Hub.Store;

namespace WebVmMap.Hub.Shares;

/// <summary>
/// Ends what is open of links that have ended: expired, revoked by whatever means, or with their snapshot deleted. One question
/// to the database every few seconds, and none while no link is open.
/// </summary>
internal sealed partial class ShareWatchdog(Shares shares, TimeProvider time, ILogger<ShareWatchdog> logger) : BackgroundService
{
    public static readonly TimeSpan Period = TimeSpan.FromSeconds(2);

    private readonly PeriodicTimer _timer = new(Period, time);

    public override void Dispose()
    {
        _timer.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (await _timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false))
        {
            try
            {
                await shares.EndOverdueAsync(stoppingToken).ConfigureAwait(false);
            }
            catch (StoreException ex)
            {
                Log.CannotLook(logger, ex.Message);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 72, EventName = "SharesUnknown", Level = LogLevel.Error, Message = "Whether open share links are still valid cannot be told. {Reason}")]
        public static partial void CannotLook(ILogger logger, string reason);
    }
}
