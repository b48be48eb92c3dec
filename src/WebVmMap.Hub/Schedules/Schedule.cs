using System.Collections.Immutable;
using WebVmMap.Hub.Store.Records;

namespace WebVmMap.Hub.Schedules;

/// <summary>A schedule or a rule that takes snapshots by itself, and how it went last. Immutable.</summary>
public sealed record Schedule
{
    /// <summary>Its id: 22 letters, digits, dashes and underscores.</summary>
    public required string Id { get; init; }

    /// <summary>The host that it watches.</summary>
    public required string HostId { get; init; }

    /// <summary>Every process of this name; with <see cref="Pid"/>, only what is shown.</summary>
    public required string ProcessName { get; init; }

    /// <summary>With <see cref="StartStamp"/>, the one life of a process that it is for; null for every process of the name.</summary>
    public int? Pid { get; init; }

    /// <summary>See <see cref="Pid"/>.</summary>
    public long? StartStamp { get; init; }

    /// <summary>What makes it take a snapshot.</summary>
    public required ScheduleTrigger Trigger { get; init; }

    /// <summary>For an interval how often, for a rule the least time between two snapshots of one process; in minutes.</summary>
    public required int Minutes { get; init; }

    /// <summary>For a rule: private bytes, or growth in bytes per hour, above which it takes one.</summary>
    public long LimitBytes { get; init; }

    /// <summary>Label of the snapshots.</summary>
    public string Label { get; init; } = "";

    /// <summary>False while it is paused.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>When it was made, UTC.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>Name of the person or key that made it.</summary>
    public string CreatedBy { get; init; } = "";

    /// <summary>When it last took a snapshot.</summary>
    public DateTimeOffset? LastTakenAt { get; init; }

    /// <summary>The snapshot that it took last.</summary>
    public string? LastSnapshotId { get; init; }

    /// <summary>When it was last due, whether or not there was anything to take.</summary>
    public DateTimeOffset? LastTriedAt { get; init; }

    /// <summary>Why the last try gave less than it should, with what to do; empty when it went well.</summary>
    public string LastError { get; init; } = "";

    /// <summary>Snapshots taken so far.</summary>
    public long TakenCount { get; init; }

    /// <summary>How often an interval was due and could not run: the run before was not done, or the hub was down.</summary>
    public long SkippedCount { get; init; }

    /// <summary>For a rule: of which processes it took snapshots within its cool-down, oldest first.</summary>
    public ImmutableArray<RuleFiring> Firings { get; init; } = [];

    /// <summary>True for a rule, false for an interval.</summary>
    public bool IsRule => Trigger is ScheduleTrigger.PrivateAbove or ScheduleTrigger.GrowthAbove;
}
