using System.Collections.Immutable;
using WebVmMap.Core.Recordings;

namespace WebVmMap.Hub.Components.Recordings;

/// <summary>How much of what a program allocates can be recorded, as the pages offer it.</summary>
internal static class SampleSizes
{
    /// <summary>The choices, the usual one first: one sample every so many bytes, 0 for every allocation.</summary>
    public static ImmutableArray<(long Bytes, string Text)> All { get; } =
        [(0, "every allocation"), (64 << 10, "samples, one in 64 KiB"), (RecordingLimits.UsualSampleBytes, "samples, one in 512 KiB")];

    /// <summary>What the choice is between.</summary>
    public const string Meaning = "Every allocation is exact and costs the program time at each; samples cost next to nothing, and their figures are estimates.";
}
