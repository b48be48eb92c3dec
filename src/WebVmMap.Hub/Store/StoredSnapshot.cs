using WebVmMap.Core.Processes;

namespace WebVmMap.Hub.Store;

/// <summary>What the store tells of a snapshot without reading its regions. Immutable.</summary>
public sealed record StoredSnapshot
{
    /// <summary>Its id, used in URLs: 22 letters, digits, dashes and underscores, not to be guessed.</summary>
    public required string Id { get; init; }

    /// <summary>The host it was taken on.</summary>
    public required string HostId { get; init; }

    /// <summary>The host's name when it was taken.</summary>
    public required string HostName { get; init; }

    /// <summary>The process, as it was then.</summary>
    public required ProcessInfo Process { get; init; }

    /// <summary>When it was taken, UTC.</summary>
    public required DateTimeOffset TakenAt { get; init; }

    /// <summary>The user's words for it; empty when none.</summary>
    public string Label { get; init; } = "";

    /// <summary>How many regions in use it holds.</summary>
    public int RegionCount { get; init; }

    /// <summary>Bytes that it takes in the store.</summary>
    public long StoredBytes { get; init; }

    /// <summary>Committed, private and resident bytes in all.</summary>
    public long Committed { get; init; }

    /// <summary>Private bytes in all.</summary>
    public long Private { get; init; }

    /// <summary>Resident bytes in all.</summary>
    public long TotalWs { get; init; }
}
