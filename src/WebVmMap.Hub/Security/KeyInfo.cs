using WebVmMap.Hub.Store.Records;

namespace WebVmMap.Hub.Security;

/// <summary>What may be told of a key.</summary>
/// <param name="Kind">What it opens.</param>
/// <param name="Name">Its name.</param>
/// <param name="CreatedAt">When it was made, UTC.</param>
/// <param name="LastUsedAt">When it was last used, to the minute; null when never.</param>
/// <param name="RevokedAt">When it was revoked; null while it is valid.</param>
/// <param name="BoundHostId">The host that an agent's key speaks for; null before its first use.</param>
public sealed record KeyInfo(
    KeyKind Kind, string Name, DateTimeOffset CreatedAt, DateTimeOffset? LastUsedAt, DateTimeOffset? RevokedAt, string? BoundHostId);
