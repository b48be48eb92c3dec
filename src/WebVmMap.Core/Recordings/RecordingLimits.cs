namespace WebVmMap.Core.Recordings;

/// <summary>What a reader of recordings refuses and a writer never makes; docs/formats.md states each.</summary>
public static class RecordingLimits
{
    /// <summary>Bytes of one interval as it travels and rests.</summary>
    public const int MaxIntervalBytes = 64 * 1024 * 1024;

    /// <summary>Intervals of a recording: 23 days of four a second.</summary>
    public const int MaxIntervals = 8_000_000;

    /// <summary>Modules of a recording.</summary>
    public const int MaxModules = 65_536;

    /// <summary>Frames of a recording.</summary>
    public const int MaxFrames = 4_000_000;

    /// <summary>Nodes of a recording.</summary>
    public const int MaxNodes = 16_000_000;

    /// <summary>Sites of a recording.</summary>
    public const int MaxSites = 8_000_000;

    /// <summary>Lines of one frame: the functions that were inlined there, and the function itself.</summary>
    public const int MaxLines = 256;

    /// <summary>Texts of one interval.</summary>
    public const int MaxTexts = 4_000_000;

    /// <summary>The densest sampling, in bytes to a sample: denser is not cheaper than recording everything.</summary>
    public const long MinSampleBytes = 256;

    /// <summary>The thinnest sampling, in bytes to a sample.</summary>
    public const long MaxSampleBytes = 2 << 20;

    /// <summary>What sampling is usual, in bytes to a sample: hardly felt, and a leak of some MiB is seen.</summary>
    public const long UsualSampleBytes = 512 << 10;

    /// <summary>Changes of one interval: entries of what was allocated, or of what was freed.</summary>
    public const int MaxChanges = 16_000_000;
}
