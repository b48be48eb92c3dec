using WebVmMap.Hub.Retention;

namespace WebVmMap.Hub.Api;

/// <summary>The limits of each host's snapshots, and those of its recordings.</summary>
internal sealed record SetRetentionDto : RetentionLimits
{
    /// <summary>Those of recordings; left out, they stay as they are.</summary>
    public RecordingRetentionLimits? Recordings { get; init; }

    /// <summary>What is to hold.</summary>
    /// <param name="current">What holds now.</param>
    public RetentionSettings ToSettings(RetentionSettings current) => new()
    {
        Days = Days,
        CountPerHost = CountPerHost,
        BytesPerHost = BytesPerHost,
        Recordings = Recordings ?? current.Recordings,
    };
}
