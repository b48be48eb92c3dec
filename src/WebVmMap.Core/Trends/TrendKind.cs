namespace WebVmMap.Core.Trends;

/// <summary>How a series of bytes went, in the order in which suspects are ranked.</summary>
public enum TrendKind
{
    /// <summary>
    /// It grows on and on, as a leak does: upwards with 95 % certainty, in three intervals or more and at least a third of all; no
    /// single interval accounts for more than half of its rises (unless it lasted longer than all others together), and in all it grew by more than it ever fell at once.
    /// </summary>
    Growing,

    /// <summary>It grew once, or nearly so, and stayed: a library that was loaded, a cache that was filled.</summary>
    Step,

    /// <summary>It goes up and down: a garbage-collected heap, a pool, noise.</summary>
    Fluctuating,

    /// <summary>It is smaller at the end, and did not fluctuate to get there.</summary>
    Shrinking,

    /// <summary>It never changed.</summary>
    Steady,
}
