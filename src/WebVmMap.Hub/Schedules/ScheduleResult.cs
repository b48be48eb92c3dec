using WebVmMap.Core.Processes;

namespace WebVmMap.Hub.Schedules;

/// <summary>How a run of a schedule went.</summary>
/// <param name="Id">Which schedule.</param>
/// <param name="TriedAt">When it was due.</param>
/// <param name="Error">Why it gave less than it should; empty when it went well.</param>
/// <param name="SnapshotIds">What it took.</param>
/// <param name="Processes">Of which processes, one for each snapshot.</param>
/// <param name="Missed">How many moments had passed untried.</param>
/// <param name="Pause">True when there is nothing left to watch.</param>
internal sealed record ScheduleResult(
    string Id, DateTimeOffset TriedAt, string Error, IReadOnlyList<string> SnapshotIds, IReadOnlyList<ProcessKey> Processes, long Missed, bool Pause);
