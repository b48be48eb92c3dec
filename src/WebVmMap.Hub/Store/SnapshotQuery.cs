namespace WebVmMap.Hub.Store;

/// <summary>Which snapshots to list, newest first. What is null does not restrict.</summary>
public sealed record SnapshotQuery
{
    /// <summary>Of this host.</summary>
    public string? HostId { get; init; }

    /// <summary>Of processes with this id.</summary>
    public int? Pid { get; init; }

    /// <summary>Of processes whose name or label contains this, ignoring case.</summary>
    public string? Name { get; init; }

    /// <summary>How many to leave out from the start.</summary>
    public int Skip { get; init; }

    /// <summary>How many to return: 1 to 500.</summary>
    public int Take { get; init; } = 100;
}
