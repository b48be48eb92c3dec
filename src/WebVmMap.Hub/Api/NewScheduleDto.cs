namespace WebVmMap.Hub.Api;

/// <summary>A wish for a schedule or rule: a process by name, or by id for its present life, and exactly one of the three conditions.</summary>
/// <param name="Host">Id of the host.</param>
/// <param name="Process">Name of the processes to watch, also of those that start later.</param>
/// <param name="Pid">Id of the one process to watch, until it ends.</param>
/// <param name="EveryMinutes">Takes a snapshot every so many minutes, 1 to 10080.</param>
/// <param name="PrivateAbove">Takes one when private bytes are above this.</param>
/// <param name="GrowthPerHourAbove">Takes one when private bytes grow by more bytes per hour than this, seen over at least ten minutes.</param>
/// <param name="CoolDownMinutes">Of a rule, the least time between two snapshots of one process; 60 when absent.</param>
/// <param name="Label">Label of the snapshots.</param>
/// <param name="Enabled">False makes it paused.</param>
internal sealed record NewScheduleDto(
    string? Host, string? Process, int? Pid, int? EveryMinutes, long? PrivateAbove, long? GrowthPerHourAbove, int? CoolDownMinutes, string? Label, bool? Enabled);
