using WebVmMap.Hub.Store.Records;

namespace WebVmMap.Hub.Store;

/// <summary>Which snapshots to list, newest first unless told otherwise. What is null does not restrict.</summary>
public sealed record SnapshotQuery
{
    /// <summary>Of this host.</summary>
    public string? HostId { get; init; }

    /// <summary>Of processes with this id.</summary>
    public int? Pid { get; init; }

    /// <summary>Of processes with this start stamp: with <see cref="Pid"/>, one life of one process.</summary>
    public long? StartStamp { get; init; }

    /// <summary>Of processes that started then, UTC, to the millisecond.</summary>
    public DateTimeOffset? StartTime { get; init; }

    /// <summary>Of processes with exactly this name.</summary>
    public string? ProcessName { get; init; }

    /// <summary>Where each of these words occurs in the process's name, the label, the note or the host's name, ignoring case.</summary>
    public string? Name { get; init; }

    /// <summary>Taken then or later, UTC.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Taken before then, UTC.</summary>
    public DateTimeOffset? To { get; init; }

    /// <summary>Only pinned ones, or only others.</summary>
    public bool? Pinned { get; init; }

    /// <summary>Made by this.</summary>
    public SnapshotCause? Cause { get; init; }

    /// <summary>Taken by this schedule or rule.</summary>
    public string? ScheduleId { get; init; }

    /// <summary>By what to sort.</summary>
    public SnapshotOrder Order { get; init; }

    /// <summary>True sorts from small to large, from old to new.</summary>
    public bool Ascending { get; init; }

    /// <summary>How many to leave out from the start.</summary>
    public int Skip { get; init; }

    /// <summary>How many to return: 1 to 500.</summary>
    public int Take { get; init; } = 100;
}
