using WebVmMap.Core.Processes;
using WebVmMap.Probes;

namespace WebVmMap.Agent.Sampling;

/// <summary>
/// Where the samples of one watch go. Called by one caller at a time, who waits for the end of each call before the next;
/// a call ends when the receiver has room for what was sent, so an unfinished one means that the receiver is slow.
/// </summary>
internal interface ISampleSink
{
    /// <summary>Sends what a full pass found, and what the watch costs.</summary>
    Task SendFrameAsync(WatchCost cost, ReadOnlyMemory<byte> frame, CancellationToken cancellation);

    /// <summary>Sends the counters of a tick without a full pass.</summary>
    Task SendCountersAsync(ProcessCounters counters, DateTimeOffset time, CancellationToken cancellation);

    /// <summary>Says why there will be no more samples. Nothing is sent after it.</summary>
    Task SendEndedAsync(ProbeFailure reason, CancellationToken cancellation);
}
