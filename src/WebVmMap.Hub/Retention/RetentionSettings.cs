namespace WebVmMap.Hub.Retention;

/// <summary>What is kept how long, for each host: the limits of snapshots, and those of recordings.</summary>
public sealed record RetentionSettings : RetentionLimits
{
    /// <summary>Recordings that are kept.</summary>
    public RecordingRetentionLimits Recordings { get; init; } = new();

    /// <inheritdoc/>
    public override string? Problem => base.Problem ?? (Recordings.Problem is { } problem ? $"Recordings: {problem}" : null);
}
