using WebVmMap.Hub.Store;
using WebVmMap.Hub.Store.Records;

namespace WebVmMap.Hub.Schedules;

/// <summary>A wish for a schedule or a rule.</summary>
public sealed record NewSchedule
{
    /// <summary>The shortest interval and cool-down, in minutes.</summary>
    public const int MinimumMinutes = 1;

    /// <summary>The longest interval and cool-down: a week, in minutes.</summary>
    public const int MaximumMinutes = 7 * 24 * 60;

    /// <summary>The cool-down of a rule when none is given.</summary>
    public const int DefaultCoolDownMinutes = 60;

    /// <summary>The host to watch.</summary>
    public required string HostId { get; init; }

    /// <summary>Name of the processes.</summary>
    public required string ProcessName { get; init; }

    /// <summary>With <see cref="StartStamp"/>, one life of one process only.</summary>
    public int? Pid { get; init; }

    /// <summary>See <see cref="Pid"/>.</summary>
    public long? StartStamp { get; init; }

    /// <summary>What makes it take a snapshot.</summary>
    public required ScheduleTrigger Trigger { get; init; }

    /// <summary>Interval or cool-down, in minutes.</summary>
    public required int Minutes { get; init; }

    /// <summary>For a rule: bytes, or bytes per hour.</summary>
    public long LimitBytes { get; init; }

    /// <summary>Label of the snapshots.</summary>
    public string Label { get; init; } = "";

    /// <summary>False makes it paused.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>What is wrong with it, in one sentence; null when nothing is.</summary>
    public string? Problem => this switch
    {
        { ProcessName.Length: 0 or > 260 } => "A schedule needs a process: its name has 1 to 260 characters.",
        { Trigger: ScheduleTrigger.Unspecified } => "A schedule needs to know when: every so many minutes, above a limit of private bytes, or above a growth per hour.",
        { Minutes: < MinimumMinutes or > MaximumMinutes } => $"The minutes are from {MinimumMinutes} to {MaximumMinutes}, a week; {Minutes} is not.",
        { Trigger: not ScheduleTrigger.Interval, LimitBytes: <= 0 } => "A rule needs a limit of more than 0 bytes.",
        { Label.Length: > SnapshotLimits.Label } => $"A label has at most {SnapshotLimits.Label} characters; this one has {Label.Length}.",
        _ => null,
    };
}
