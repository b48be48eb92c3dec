using System.Collections.Immutable;
using WebVmMap.Core.Processes;
using WebVmMap.Core.Regions;

namespace WebVmMap.Core.Trends;

/// <summary>
/// How the memory of a process went through many snapshots: what grew on and on against what grew once. Immutable.
/// docs/compare.md says how to read it.
/// </summary>
public sealed record Trend
{
    /// <summary>The process.</summary>
    public required ProcessKey Process { get; init; }

    /// <summary>The figure that was followed.</summary>
    public required RegionMetric Metric { get; init; }

    /// <summary>When the snapshots were taken, the oldest first.</summary>
    public required ImmutableArray<DateTimeOffset> Times { get; init; }

    /// <summary>All regions in use together.</summary>
    public required TrendSeries Total { get; init; }

    /// <summary>Each category that has regions.</summary>
    public required ImmutableArray<TrendSeries> Categories { get; init; }

    /// <summary>
    /// What changed, ranked: what grows on and on by the least that it grows (<see cref="RobustSlope.Low"/>), then steps by their
    /// growth, then the rest by theirs.
    /// </summary>
    public required ImmutableArray<TrendSeries> Suspects { get; init; }

    /// <summary>How many names were too many to be followed one by one; they stand under the name <see cref="TrendBuilder.OtherNames"/>.</summary>
    public int NamesTogether { get; init; }
}
