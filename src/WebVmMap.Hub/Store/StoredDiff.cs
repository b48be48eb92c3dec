using WebVmMap.Core.Diffs;

namespace WebVmMap.Hub.Store;

/// <summary>Two kept snapshots and what changed between them, or why that cannot be told. Immutable.</summary>
public sealed record StoredDiff
{
    /// <summary>The older one; null when there is none of that id.</summary>
    public StoredSnapshot? Before { get; init; }

    /// <summary>The newer one; null when there is none of that id.</summary>
    public StoredSnapshot? After { get; init; }

    /// <summary>What changed; null when one of them is missing or they cannot be compared.</summary>
    public SnapshotDiff? Diff { get; init; }

    /// <summary>Why there is no diff of two snapshots that both exist, as one sentence; empty when there is one.</summary>
    public string Refusal { get; init; } = "";
}
