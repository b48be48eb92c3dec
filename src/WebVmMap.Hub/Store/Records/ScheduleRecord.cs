namespace WebVmMap.Hub.Store.Records;

/// <summary>A schedule or a rule, and how it went last. It names a process by its name, or one life of a process by id and start.</summary>
internal sealed class ScheduleRecord
{
    public required string Id { get; init; }

    public required string HostId { get; init; }

    /// <summary>Every process of this name; when <see cref="Pid"/> is given, only what is shown.</summary>
    public required string ProcessName { get; init; }

    public int? Pid { get; init; }

    public long? StartStamp { get; init; }

    public ScheduleTrigger Trigger { get; init; }

    /// <summary>For an interval how often; for a rule the least time between two snapshots of one process.</summary>
    public int Minutes { get; set; }

    /// <summary>For a rule: bytes, or bytes per hour.</summary>
    public long LimitBytes { get; set; }

    public string Label { get; set; } = "";

    public bool Enabled { get; set; }

    public DateTimeOffset CreatedAt { get; init; }

    public string CreatedBy { get; init; } = "";

    /// <summary>When it last took a snapshot.</summary>
    public DateTimeOffset? LastTakenAt { get; set; }

    public string? LastSnapshotId { get; set; }

    /// <summary>When it last tried, whether or not there was anything to take.</summary>
    public DateTimeOffset? LastTriedAt { get; set; }

    /// <summary>Why the last try gave nothing; empty when it went well.</summary>
    public string LastError { get; set; } = "";

    public long TakenCount { get; set; }

    /// <summary>How often it was due and could not run, because the one before was not done or the hub was down.</summary>
    public long SkippedCount { get; set; }

    /// <summary>For a rule: when it last fired for each process, as <c>RuleFirings</c> writes it.</summary>
    public string Firings { get; set; } = "";
}
