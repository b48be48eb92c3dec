using WebVmMap.Core.Recordings;

namespace WebVmMap.Recording;

/// <summary>How a recording is made. Immutable.</summary>
public sealed record RecorderOptions
{
    /// <summary>How long a thread of the target may wait for room in its ring before its events are dropped.</summary>
    public TimeSpan MaxWait { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>The deepest stack that is taken, from 1 to 256; deeper ones are cut at their outer end and counted.</summary>
    public int MaxFrames { get; init; } = 128;

    /// <summary>0 to record every allocation; else one in so many bytes on average, for programs that cannot bear the whole. At most <see cref="RecordingLimits.MaxSampleBytes"/>.</summary>
    public long SampleBytes
    {
        get;
        init => field = value is 0 or (>= RecordingLimits.MinSampleBytes and <= RecordingLimits.MaxSampleBytes)
            ? value
            : throw new RecordingException($"One sample in {value} bytes cannot be had: from {RecordingLimits.MinSampleBytes} to {RecordingLimits.MaxSampleBytes} can.");
    }

    /// <summary>So many processes that a program started are followed at once, at most 96; those that are one too many are counted.</summary>
    public int ChildrenAtOnce { get; init; } = 64;

    /// <summary>So many of them are followed in one recording.</summary>
    public int ChildrenInAll { get; init; } = 1024;

    /// <summary>The usual length of an interval.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromMilliseconds(250);
}
