using WebVmMap.Agent.Sampling;
using WebVmMap.Protocol.V1;

namespace WebVmMap.Agent.Uplink;

/// <summary>One watch that the hub has begun. Thread-safe.</summary>
internal sealed class ActiveWatch(string id, ProcessRef process, SamplingBudget budget) : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _lock = new();
    private bool _disposed;

    /// <summary>The hub's name for it.</summary>
    public string Id => id;

    /// <summary>Which process.</summary>
    public ProcessRef Process => process;

    /// <summary>How often its full passes may run.</summary>
    public SamplingBudget Budget => budget;

    /// <summary>What the hub wants of it.</summary>
    public WatchRequest Request { get; } = new();

    /// <summary>Cancelled when the hub wants no more.</summary>
    public CancellationToken Stopped => _stop.Token;

    /// <summary>The hub wants no more. Does nothing when it has ended by itself.</summary>
    public void Stop()
    {
        lock (_lock)
        {
            if (!_disposed)
            {
                _stop.Cancel();
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_lock)
        {
            _disposed = true;
            _stop.Dispose();
        }
    }
}
