namespace WebVmMap.Hub.Retention;

/// <summary>How much is kept of each host. Pinned ones stay, and do not count. 0 is no limit.</summary>
public record RetentionLimits
{
    /// <summary>Days after which one goes.</summary>
    public int Days { get; init; } = 90;

    /// <summary>Most of a host.</summary>
    public int CountPerHost { get; init; } = 1000;

    /// <summary>Most bytes that those of a host take in the store.</summary>
    public long BytesPerHost { get; init; } = 2L << 30;

    /// <summary>What is wrong with them, in one sentence; null when nothing is.</summary>
    public virtual string? Problem => Days is < 0 or > 36_500 ? "The days are from 0, no limit, to 36500."
        : CountPerHost is < 0 or > 10_000_000 ? "The count is from 0, no limit, to 10000000."
        : BytesPerHost < 0 ? "The bytes are 0, no limit, or more."
        : null;
}
