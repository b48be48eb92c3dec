using WebVmMap.Core.Trends;

namespace WebVmMap.Hub.Store;

/// <summary>How the memory of a process went through kept snapshots, or why that cannot be told. Immutable.</summary>
public sealed record StoredTrend
{
    /// <summary>The snapshots that it was made from, the oldest first.</summary>
    public IReadOnlyList<StoredSnapshot> Snapshots { get; init; } = [];

    /// <summary>How many there are; more than <see cref="Snapshots"/> when they were too many, and evenly spread ones were taken.</summary>
    public int Available { get; init; }

    /// <summary>What they show; null when it cannot be told.</summary>
    public Trend? Trend { get; init; }

    /// <summary>Id of a snapshot that was asked for and is not there; null when there is none such.</summary>
    public string? Missing { get; init; }

    /// <summary>Why there is no trend although all snapshots are there, as one sentence; empty when there is one.</summary>
    public string Refusal { get; init; } = "";
}
