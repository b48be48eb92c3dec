using System.Collections.Immutable;

namespace WebVmMap.Core.Recordings;

/// <summary>What a key frame tells of the intervals since the one before it: what is new of code and stacks, and the timeline.</summary>
/// <param name="Since">Number of the first of them.</param>
/// <param name="Tables">What is new, and how the recording fares, as one interval that has the last one's number and no changes.</param>
/// <param name="Ends">When each of them ended.</param>
/// <param name="Moments">What happened in them, and how many intervals each point has.</param>
internal sealed record RecordingKeyAdditions(
    int Since, RecordingInterval Tables, ImmutableArray<DateTimeOffset> Ends, IReadOnlyList<(RecordingMoment Moment, int Intervals)> Moments);
