using WebVmMap.Core.Snapshots;
using WebVmMap.Hub.Store.Records;

namespace WebVmMap.Hub.Store;

/// <summary>A snapshot to keep, and where it comes from. Texts that are too long are cut.</summary>
public sealed record NewSnapshot
{
    /// <summary>The snapshot.</summary>
    public required Snapshot Snapshot { get; init; }

    /// <summary>Id of the host it was taken on.</summary>
    public required string HostId { get; init; }

    /// <summary>The host's name now.</summary>
    public required string HostName { get; init; }

    /// <summary>The user's words for it, at most <see cref="SnapshotLimits.Label"/> characters.</summary>
    public string Label { get; init; } = "";

    /// <summary>More words, at most <see cref="SnapshotLimits.Note"/> characters.</summary>
    public string Note { get; init; } = "";

    /// <summary>What was live by stack then; null when the process was not under recording.</summary>
    public NewSnapshotBlocks? Blocks { get; init; }

    /// <summary>What made it.</summary>
    public SnapshotCause Cause { get; init; } = SnapshotCause.ByHand;

    /// <summary>Name of the person or key that asked for it.</summary>
    public string TakenBy { get; init; } = "";

    /// <summary>The schedule or rule that took it.</summary>
    public string? ScheduleId { get; init; }

    /// <summary>For an imported one, the file's name.</summary>
    public string? ImportFile { get; init; }

    /// <summary>For an imported one, the file's format.</summary>
    public string? ImportFormat { get; init; }
}
