namespace WebVmMap.Benchmarks.Live;

/// <summary>What one viewer has seen in a while.</summary>
internal record struct ViewerCount
{
    public int Frames { get; set; }

    public long Bytes { get; set; }

    /// <summary>Sequence numbers that never came.</summary>
    public long Missed { get; set; }

    /// <summary>How often the hub said that it skipped frames for this viewer.</summary>
    public int Skips { get; set; }

    public TimeSpan LongestGap { get; set; }

    public bool Ended { get; set; }
}
