using WebVmMap.Core.Processes;
using WebVmMap.Hub.Store.Records;

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

    /// <summary>More words about it; empty when none.</summary>
    public string Note { get; init; } = "";

    /// <summary>True when retention spares it.</summary>
    public bool Pinned { get; init; }

    /// <summary>What made it.</summary>
    public SnapshotCause Cause { get; init; } = SnapshotCause.ByHand;

    /// <summary>Name of the person or key that asked for it; empty when not known.</summary>
    public string TakenBy { get; init; } = "";

    /// <summary>The schedule or rule that took it, which may be gone by now.</summary>
    public string? ScheduleId { get; init; }

    /// <summary>For an imported one, the file's name.</summary>
    public string? ImportFile { get; init; }

    /// <summary>For an imported one, the file's format.</summary>
    public string? ImportFormat { get; init; }

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
