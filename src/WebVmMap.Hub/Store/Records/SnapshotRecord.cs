namespace WebVmMap.Hub.Store.Records;

/// <summary>What lists show of a snapshot; its regions are in a table of their own, so that lists never read them.</summary>
internal sealed class SnapshotRecord
{
    public required string Id { get; init; }

    public required string HostId { get; init; }

    public required string HostName { get; init; }

    public int Pid { get; init; }

    public long StartStamp { get; init; }

    public int ParentPid { get; init; }

    public required string ProcessName { get; init; }

    public string CommandLine { get; init; } = "";

    public string User { get; init; } = "";

    public string Architecture { get; init; } = "";

    public bool Managed { get; init; }

    public DateTimeOffset StartTime { get; init; }

    public long PrivateBytes { get; init; }

    public long WorkingSetBytes { get; init; }

    public string Limitation { get; init; } = "";

    public DateTimeOffset TakenAt { get; init; }

    public string Label { get; set; } = "";

    public string Note { get; set; } = "";

    public bool Pinned { get; set; }

    public SnapshotCause Cause { get; init; }

    /// <summary>Name of the person or key that asked for it; of a schedule, who made it.</summary>
    public string TakenBy { get; init; } = "";

    /// <summary>The schedule or rule that took it, which may be gone by now.</summary>
    public string? ScheduleId { get; init; }

    /// <summary>For an imported one, the file's name.</summary>
    public string? ImportFile { get; init; }

    /// <summary>For an imported one, the file's format.</summary>
    public string? ImportFormat { get; init; }

    /// <summary>Folded by <see cref="Store.SearchText"/>, so that a search ignores case in either database and in every script.</summary>
    public string SearchText { get; set; } = "";

    /// <summary>Since when it is in the bin; null while it is kept.</summary>
    public DateTimeOffset? DeletedAt { get; set; }

    public int RegionCount { get; init; }

    public long StoredBytes { get; init; }

    public long Committed { get; init; }

    public long Private { get; init; }

    public long TotalWs { get; init; }
}
