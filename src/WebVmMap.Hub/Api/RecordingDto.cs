using WebVmMap.Hub.Recordings;

namespace WebVmMap.Hub.Api;

/// <summary>A recording as it is known now; its figures are those of what is stored.</summary>
internal sealed record RecordingDto(
    string Id, string Host, string HostName, string State, string? Error, int Pid, string Program, string Command, bool Launched, string Name, string Note, bool Pinned, string Mode, DateTime StartedAt, DateTime? StoppedAt, string StartedBy,
    long Events, long DroppedEvents, long LiveBytes, long LiveBlocks, long AllocatedBytes, long Allocations, long FreedBytes, long Frees,
    int Intervals, long StoredBytes, IReadOnlyList<RecordingMarkDto> Marks, string? Parent, int? ParentPid, IReadOnlyList<RecordingChildDto> Children,
    string? Before, string? BeforeReason, long BeforeBlocks, long BeforeBytes, long BeforeUnwalkedBytes,
    RecordingTotalsDto? Virtual, RecordingHealthDto? Health)
{
    /// <summary>Tells it.</summary>
    /// <param name="recording">The recording.</param>
    /// <param name="hasParent">Whether that with which it came is still there.</param>
    /// <param name="children">Those that came with it.</param>
    public static RecordingDto Of(Recording recording, bool hasParent, IEnumerable<Recording> children) => new(
        recording.Id, recording.HostId, recording.HostName, StateOf(recording.Phase), recording.Error.Length == 0 ? null : recording.Error, recording.Pid,
        recording.Program, recording.CommandLine, recording.Launched, recording.Name, recording.Note, recording.Pinned, recording.Sampled ? "sampled" : "full", recording.StartedAt.UtcDateTime, recording.StoppedAt?.UtcDateTime, recording.StartedBy,
        recording.Events, recording.DroppedEvents, recording.Total.LiveBytes, recording.Total.LiveBlocks, recording.Total.AllocatedBytes,
        recording.Total.Allocations, recording.Total.FreedBytes, recording.Total.Frees, recording.Intervals, recording.StoredBytes,
        [.. recording.Marks.Select(RecordingMarkDto.Of)], hasParent ? recording.ParentId : null, recording.ParentId.Length > 0 ? recording.ParentPid : null,
        [.. children.Select(child => new RecordingChildDto(child.Id, child.Pid, child.Program, StateOf(child.Phase)))],
        // What was there before is told with the first interval.
        recording.Intervals == 0 ? null : RecordingHealthDto.StateOf(recording.Before.State), RecordingHealthDto.ReasonOf(recording.Before.State),
        recording.Before.Blocks, recording.Before.Bytes, recording.Before.UnwalkedBytes,
        recording.Virtual is { } mapped ? RecordingTotalsDto.Of(mapped) : null, recording.Health is { } health ? RecordingHealthDto.Of(health) : null);

    private static string StateOf(RecordingPhase phase) => phase switch
    {
        RecordingPhase.Starting => "starting",
        RecordingPhase.Running => "running",
        RecordingPhase.Stopped => "stopped",
        _ => "failed",
    };
}
