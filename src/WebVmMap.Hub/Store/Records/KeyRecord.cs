namespace WebVmMap.Hub.Store.Records;

/// <summary>A key that was handed out; only its hash is kept.</summary>
internal sealed class KeyRecord
{
    public required string Hash { get; init; }

    public KeyKind Kind { get; init; }

    public required string Name { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? LastUsedAt { get; set; }

    public DateTimeOffset? RevokedAt { get; set; }

    /// <summary>The one host that an agent's key speaks for; null before its first use.</summary>
    public string? BoundHostId { get; set; }
}
