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

    public int RegionCount { get; init; }

    public long StoredBytes { get; init; }

    public long Committed { get; init; }

    public long Private { get; init; }

    public long TotalWs { get; init; }
}
