namespace WebVmMap.Core.Recordings;

/// <summary>How soon a block was freed after it was allocated to be called temporary. Told to the interval of a quarter of a second.</summary>
public enum TemporaryWithin
{
    /// <summary>At most four intervals later.</summary>
    Second,

    /// <summary>In the interval in which it was allocated.</summary>
    Interval,

    /// <summary>At most forty intervals later.</summary>
    TenSeconds,
}
