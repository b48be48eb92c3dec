namespace WebVmMap.Hub.Store;

/// <summary>What to change about a kept snapshot; what is null stays. The snapshot itself never changes.</summary>
public sealed record SnapshotChange
{
    /// <summary>The new label.</summary>
    public string? Label { get; init; }

    /// <summary>The new note.</summary>
    public string? Note { get; init; }

    /// <summary>Whether retention spares it.</summary>
    public bool? Pinned { get; init; }

    /// <summary>What is wrong with the change, in one sentence; null when nothing is.</summary>
    public string? Problem => Label?.Length > SnapshotLimits.Label ? $"A label has at most {SnapshotLimits.Label} characters; this one has {Label.Length}."
        : Note?.Length > SnapshotLimits.Note ? $"A note has at most {SnapshotLimits.Note} characters; this one has {Note.Length}."
        : null;
}
