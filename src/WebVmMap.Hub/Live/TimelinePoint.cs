using System.Collections.Immutable;
using WebVmMap.Core.Processes;

namespace WebVmMap.Hub.Live;

/// <summary>One moment of a watched process.</summary>
/// <param name="Time">When, UTC.</param>
/// <param name="Counters">The system's own figures.</param>
/// <param name="Categories">Sums by category when this was a full pass, indexed by category value; empty when it was a counter tick.</param>
public sealed record TimelinePoint(DateTimeOffset Time, ProcessCounters Counters, ImmutableArray<CategoryTotals> Categories);
