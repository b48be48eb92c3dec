using System.Collections.Immutable;

namespace WebVmMap.Hub.Live;

/// <summary>Adds to a timeline and lets its oldest moment go when it is full.</summary>
internal static class TimelineRing
{
    /// <summary>Most moments kept: ten minutes at one a second, and as many as a chart can draw well.</summary>
    public const int Capacity = 600;

    public static ImmutableArray<TimelinePoint> Append(ImmutableArray<TimelinePoint> timeline, TimelinePoint point) =>
        timeline.Length < Capacity ? timeline.Add(point) : [.. timeline.AsSpan()[^(Capacity - 1)..], point];
}
