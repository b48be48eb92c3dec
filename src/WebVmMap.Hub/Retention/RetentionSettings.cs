namespace WebVmMap.Hub.Retention;

/// <summary>What is kept how long, for each host: the limits of snapshots, and those of recordings.</summary>
public sealed record RetentionSettings : RetentionLimits
{
    /// <summary>Recordings that are kept: fewer than snapshots, and each of them larger. Those under way do not count.</summary>
    public RetentionLimits Recordings { get; init; } = new() { CountPerHost = 200, BytesPerHost = 4L << 30 };

    /// <inheritdoc/>
    public override string? Problem => base.Problem ?? (Recordings.Problem is { } problem ? $"Recordings: {problem}" : null);
}
