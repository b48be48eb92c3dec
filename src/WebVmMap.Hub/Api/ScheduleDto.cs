using WebVmMap.Hub.Schedules;
using WebVmMap.Hub.Store.Records;

namespace WebVmMap.Hub.Api;

/// <summary>A schedule or rule, and how it went last. Of the three conditions it has one.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Host">Id of the host it watches.</param>
/// <param name="Process">Name of the processes it watches.</param>
/// <param name="Pid">When it is for one life of one process, its id.</param>
/// <param name="EveryMinutes">A schedule: how often it takes a snapshot.</param>
/// <param name="PrivateAbove">A rule: takes one when private bytes are above this.</param>
/// <param name="GrowthPerHourAbove">A rule: takes one when private bytes grow by more bytes per hour than this.</param>
/// <param name="CoolDownMinutes">Of a rule, the least time between two snapshots of one process.</param>
/// <param name="Label">Label of the snapshots.</param>
/// <param name="Enabled">False while it is paused.</param>
/// <param name="CreatedAt">When it was made, UTC.</param>
/// <param name="CreatedBy">Who made it.</param>
/// <param name="NextAt">Of a schedule that is not paused, when it is due next.</param>
/// <param name="LastTriedAt">When it was last due.</param>
/// <param name="LastTakenAt">When it last took a snapshot.</param>
/// <param name="LastSnapshotId">That snapshot.</param>
/// <param name="LastError">Why the last try gave less than it should; empty when it went well.</param>
/// <param name="Taken">Snapshots taken so far.</param>
/// <param name="Skipped">How often it was due and could not run.</param>
internal sealed record ScheduleDto(
    string Id, string Host, string Process, int? Pid, int? EveryMinutes, long? PrivateAbove, long? GrowthPerHourAbove, int? CoolDownMinutes, string Label,
    bool Enabled, DateTime CreatedAt, string CreatedBy, DateTime? NextAt, DateTime? LastTriedAt, DateTime? LastTakenAt, string? LastSnapshotId, string LastError,
    long Taken, long Skipped)
{
    public static ScheduleDto Of(Schedule schedule, DateTimeOffset now) => new(
        schedule.Id, schedule.HostId, schedule.ProcessName, schedule.Pid,
        schedule.Trigger == ScheduleTrigger.Interval ? schedule.Minutes : null,
        schedule.Trigger == ScheduleTrigger.PrivateAbove ? schedule.LimitBytes : null,
        schedule.Trigger == ScheduleTrigger.GrowthAbove ? schedule.LimitBytes : null,
        schedule.IsRule ? schedule.Minutes : null,
        schedule.Label, schedule.Enabled, schedule.CreatedAt.UtcDateTime, schedule.CreatedBy,
        schedule is { Enabled: true, IsRule: false } ? ScheduleSlots.Next(schedule, now).UtcDateTime : null,
        schedule.LastTriedAt?.UtcDateTime, schedule.LastTakenAt?.UtcDateTime, schedule.LastSnapshotId, schedule.LastError,
        schedule.TakenCount, schedule.SkippedCount);
}
