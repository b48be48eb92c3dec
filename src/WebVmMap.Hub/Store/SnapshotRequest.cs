using WebVmMap.Hub.Live;
using WebVmMap.Hub.Store.Records;

namespace WebVmMap.Hub.Store;

/// <summary>A wish for a new snapshot.</summary>
/// <param name="Address">Of which process.</param>
/// <param name="Label">The user's words for it; empty when none. At most 200 characters.</param>
public sealed record SnapshotRequest(LiveProcessAddress Address, string Label)
{
    /// <summary>What asks for it.</summary>
    public SnapshotCause Cause { get; init; } = SnapshotCause.ByHand;

    /// <summary>Name of the person or key that asks for it; empty when not known.</summary>
    public string TakenBy { get; init; } = "";

    /// <summary>The schedule or rule that asks for it.</summary>
    public string? ScheduleId { get; init; }
}
