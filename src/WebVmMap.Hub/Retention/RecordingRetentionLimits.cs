namespace WebVmMap.Hub.Retention;

/// <summary>How much is kept of each host's recordings: fewer than of snapshots, and each of them larger. Those under way do not count, and those of the processes that a program started count as one with its own.</summary>
public sealed record RecordingRetentionLimits : RetentionLimits
{
    /// <summary>So much is kept unless somebody says otherwise.</summary>
    public RecordingRetentionLimits() => (CountPerHost, BytesPerHost) = (200, 4L << 30);
}
