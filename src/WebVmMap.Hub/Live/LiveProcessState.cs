using System.Collections.Immutable;
using WebVmMap.Core.Processes;
using WebVmMap.Core.Snapshots;

namespace WebVmMap.Hub.Live;

/// <summary>The newest picture of a watched process. Immutable: every sample makes a new one.</summary>
public sealed record LiveProcessState
{
    /// <summary>How it fares.</summary>
    public required LiveStatus Status { get; init; }

    /// <summary>One sentence about the status: what is so, why, and what to do. Empty while live.</summary>
    public string Message { get; init; } = "";

    /// <summary>Since when this status holds, UTC.</summary>
    public DateTimeOffset Since { get; init; }

    /// <summary>The newest full pass, null before the first.</summary>
    public Snapshot? Snapshot { get; init; }

    /// <summary>The hub's own number of <see cref="Snapshot"/>: it grows by one with every full pass.</summary>
    public long Sequence { get; init; }

    /// <summary>The newest counters.</summary>
    public ProcessCounters Counters { get; init; }

    /// <summary>The interval asked for, in milliseconds; 0 is by hand.</summary>
    public int IntervalMs { get; init; }

    /// <summary>How far apart full passes really are under the agent's budget, in milliseconds; 0 before it is known.</summary>
    public int EffectiveIntervalMs { get; init; }

    /// <summary>Share of one core that the agent spends on this watch: 0.01 is 1 %.</summary>
    public double CpuShare { get; init; }

    /// <summary>The last moments, oldest first, at most 600.</summary>
    public ImmutableArray<TimelinePoint> Timeline { get; init; } = [];
}
