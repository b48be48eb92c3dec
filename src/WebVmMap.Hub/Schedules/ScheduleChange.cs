namespace WebVmMap.Hub.Schedules;

/// <summary>What to change about a schedule; what is null stays. What it watches never changes: make another one for that.</summary>
public sealed record ScheduleChange
{
    /// <summary>False pauses it, true goes on.</summary>
    public bool? Enabled { get; init; }

    /// <summary>Interval or cool-down, in minutes.</summary>
    public int? Minutes { get; init; }

    /// <summary>For a rule: bytes, or bytes per hour.</summary>
    public long? LimitBytes { get; init; }

    /// <summary>Label of the snapshots.</summary>
    public string? Label { get; init; }
}
