using System.Collections.Immutable;

namespace WebVmMap.Core.Recordings;

/// <summary>
/// What became known of a recording in one interval of about 250 ms: what is new of code and stacks, and what changed by site.
/// All intervals of a recording, in order, are the recording. Immutable.
/// </summary>
public sealed record RecordingInterval
{
    /// <summary>Its number: 0, 1, 2, ... without a gap.</summary>
    public required int Index { get; init; }

    /// <summary>When it ended; the next begins then.</summary>
    public required DateTimeOffset EndedAt { get; init; }

    /// <summary>Modules that were not known before.</summary>
    public ImmutableArray<RecordedModule> Modules { get; init; } = [];

    /// <summary>Frames that were not known before.</summary>
    public ImmutableArray<RecordedFrame> Frames { get; init; } = [];

    /// <summary>Nodes that were not known before, parents first.</summary>
    public ImmutableArray<RecordedNode> Nodes { get; init; } = [];

    /// <summary>Sites that were not known before.</summary>
    public ImmutableArray<AllocationSite> Sites { get; init; } = [];

    /// <summary>Names that were found since.</summary>
    public ImmutableArray<FrameSymbols> Symbols { get; init; } = [];

    /// <summary>What was allocated, one entry by site.</summary>
    public ImmutableArray<SiteAllocated> Allocated { get; init; } = [];

    /// <summary>What was freed, one entry by site and birth.</summary>
    public ImmutableArray<SiteFreed> Freed { get; init; } = [];

    /// <summary>How the recording fares at the interval's end.</summary>
    public required RecordingHealth Health { get; init; }
}
