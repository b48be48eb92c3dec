using WebVmMap.Core.Processes;
using WebVmMap.Core.Snapshots;
using WebVmMap.Hub.Hosts;

namespace WebVmMap.Hub.Live;

/// <summary>Where the samples of one watch go, in the order in which they came. Used by one thread at a time; disposed when the stream ends.</summary>
internal interface ISampleFeed : IDisposable
{
    /// <summary>The host that the watch is on.</summary>
    string HostId { get; }

    /// <summary>A full pass.</summary>
    /// <returns>Whether it could be applied to the last one.</returns>
    /// <exception cref="InvalidDataException">It is malformed; nothing has changed.</exception>
    FrameOutcome Frame(ReadOnlySpan<byte> frame);

    /// <summary>The cheap counters alone.</summary>
    void Counters(DateTimeOffset time, ProcessCounters counters);

    /// <summary>What the watch costs.</summary>
    void Cost(int effectiveIntervalMs, double cpuShare);

    /// <summary>There will be no more samples.</summary>
    void Ended(AgentFailure failure, string message);
}
