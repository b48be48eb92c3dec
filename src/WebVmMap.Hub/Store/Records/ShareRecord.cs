namespace WebVmMap.Hub.Store.Records;

/// <summary>A share link: only the hash of its secret is kept.</summary>
internal sealed class ShareRecord
{
    public required string Id { get; init; }

    public required string Hash { get; init; }

    /// <summary>Empty when it shows a recording.</summary>
    public required string SnapshotId { get; init; }

    public string? RecordingId { get; init; }

    /// <summary>For a diff, the newer side.</summary>
    public string? SecondSnapshotId { get; init; }

    /// <summary>What the one who shared it saw, as the query of the page's address.</summary>
    public string ViewState { get; init; } = "";

    public string Name { get; init; } = "";

    public string Note { get; init; } = "";

    public bool RedactCommandLine { get; init; }

    public bool RedactUser { get; init; }

    public bool RedactPaths { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public string CreatedBy { get; init; } = "";

    public DateTimeOffset ExpiresAt { get; init; }

    public DateTimeOffset? RevokedAt { get; set; }

    public string? RevokedBy { get; set; }

    public long OpenedCount { get; set; }

    public DateTimeOffset? LastOpenedAt { get; set; }
}
