using System.Threading.RateLimiting;

namespace WebVmMap.Hub.Recordings;

/// <summary>Lets so many requests at once read what takes much memory; some more wait for their turn. Thread-safe.</summary>
/// <param name="atOnce">How many have their turn at once.</param>
/// <param name="waiting">How many may wait.</param>
internal sealed class ReadTurns(int atOnce, int waiting) : IDisposable
{
    private readonly ConcurrencyLimiter _limiter = new(new ConcurrencyLimiterOptions
    {
        PermitLimit = atOnce,
        QueueLimit = waiting,
        QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
    });

    /// <summary>Waits for a turn. It is over when it is disposed of, and at the latest when the request has been answered.</summary>
    /// <returns>Null where too many wait already.</returns>
    public async Task<IDisposable?> EnterAsync(HttpContext context, CancellationToken cancellation)
    {
        var lease = await _limiter.AcquireAsync(1, cancellation).ConfigureAwait(false);
        context.Response.RegisterForDispose(lease);
        return lease.IsAcquired ? lease : null;
    }

    public void Dispose() => _limiter.Dispose();
}
