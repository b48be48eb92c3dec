using WebVmMap.Core.Redaction;

namespace WebVmMap.Hub.Shares;

/// <summary>A share link as those know it who may make and revoke one. Its secret is not known here. Immutable.</summary>
public sealed record SharedLink
{
    /// <summary>Its id, by which it is revoked: nothing can be opened with it.</summary>
    public required string Id { get; init; }

    /// <summary>What it shows.</summary>
    public required ShareSubject Subject { get; init; }

    /// <summary>What the one who shared it saw, as the query of an address, redacted as the rest.</summary>
    public string ViewState { get; init; } = "";

    /// <summary>What the receiver reads above the picture; empty when nothing.</summary>
    public string Name { get; init; } = "";

    /// <summary>What those who made it wrote down about it; the receiver does not see it.</summary>
    public string Note { get; init; } = "";

    /// <summary>What the receiver does not get.</summary>
    public RedactionRules Redaction { get; init; }

    /// <summary>When it was made, UTC.</summary>
    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>Who made it.</summary>
    public string CreatedBy { get; init; } = "";

    /// <summary>When it ends by itself, UTC.</summary>
    public DateTimeOffset ExpiresAt { get; init; }

    /// <summary>When it was revoked; null when it was not.</summary>
    public DateTimeOffset? RevokedAt { get; init; }

    /// <summary>How often it was opened.</summary>
    public long OpenedCount { get; init; }

    /// <summary>When it was opened last; null when never.</summary>
    public DateTimeOffset? LastOpenedAt { get; init; }

    /// <summary>Whether it opens anything at a moment.</summary>
    public bool IsValid(DateTimeOffset now) => RevokedAt is null && ExpiresAt > now;
}
