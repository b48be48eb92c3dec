namespace WebVmMap.Hub.Shares;

/// <summary>What a link shows: a snapshot, a comparison of two, or a recording. Immutable.</summary>
public sealed record ShareSubject
{
    /// <summary>The snapshot; for a comparison the older one. Empty for a recording.</summary>
    public string SnapshotId { get; private init; } = "";

    /// <summary>For a comparison, the newer snapshot.</summary>
    public string? SecondSnapshotId { get; private init; }

    /// <summary>The recording; null for a snapshot or a comparison.</summary>
    public string? RecordingId { get; private init; }

    /// <summary>In a word.</summary>
    public string Kind => RecordingId is not null ? "recording" : SecondSnapshotId is not null ? "comparison" : "snapshot";

    /// <summary>Where those who are signed in see it.</summary>
    public string Href => RecordingId is { } recording ? $"/recordings/{recording}"
        : SecondSnapshotId is { } second ? $"/compare?a={SnapshotId}&b={second}"
        : $"/snapshots/{SnapshotId}";

    /// <summary>A snapshot, or a comparison with a newer one.</summary>
    public static ShareSubject OfSnapshot(string id, string? second = null) => new() { SnapshotId = id, SecondSnapshotId = second };

    /// <summary>A recording.</summary>
    public static ShareSubject OfRecording(string id) => new() { RecordingId = id };
}
