using System.Collections.Immutable;
using WebVmMap.Core.Recordings;

namespace WebVmMap.Hub.Components.Recordings;

/// <summary>What a page shows of a recording beside its call tree, read at one moment. Immutable.</summary>
/// <param name="Series">Its timeline.</param>
/// <param name="Health">How it fares.</param>
/// <param name="Before">What of it is from before it began.</param>
/// <param name="Modules">The files whose code is in its stacks.</param>
public sealed record RecordingReading(RecordingSeries Series, RecordingHealth Health, AllocationFigures Before, ImmutableArray<RecordedModule> Modules)
{
    /// <summary>Reads it from a recording as it is now.</summary>
    /// <param name="startedAt">When it began.</param>
    /// <param name="state">The recording.</param>
    /// <param name="kind">The memory that is looked at, of which the timeline tells the rates; null for all.</param>
    public static RecordingReading Of(DateTimeOffset startedAt, RecordingState state, AllocationKind? kind) =>
        new(RecordingSeries.Build(startedAt, state.Timeline, kind, RecordingSeries.MaxMoments), state.Health, state.Before, [.. state.Modules]);
}
