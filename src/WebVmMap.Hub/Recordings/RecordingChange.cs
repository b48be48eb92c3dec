using WebVmMap.Hub.Store;

namespace WebVmMap.Hub.Recordings;

/// <summary>What to change about a recording; what is null stays. What was recorded never changes.</summary>
public sealed record RecordingChange
{
    /// <summary>The new name.</summary>
    public string? Name { get; init; }

    /// <summary>The new note.</summary>
    public string? Note { get; init; }

    /// <summary>Whether retention spares it.</summary>
    public bool? Pinned { get; init; }

    /// <summary>What is wrong with the change, in one sentence; null when nothing is.</summary>
    public string? Problem => Name?.Length > SnapshotLimits.Label ? $"A name has at most {SnapshotLimits.Label} characters; this one has {Name.Length}."
        : Note?.Length > SnapshotLimits.Note ? $"A note has at most {SnapshotLimits.Note} characters; this one has {Note.Length}."
        : null;
}
