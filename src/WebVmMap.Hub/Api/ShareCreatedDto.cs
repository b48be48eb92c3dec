namespace WebVmMap.Hub.Api;

/// <summary>A new share link.</summary>
/// <param name="Id">By which it is revoked.</param>
/// <param name="Url">The link, told this once: the hub keeps only a hash of it.</param>
/// <param name="ExpiresAt">When it ends, UTC.</param>
internal sealed record ShareCreatedDto(string Id, string Url, DateTime ExpiresAt);
