namespace WebVmMap.Hub.Retention;

/// <summary>What a host's snapshots take, or its recordings, and which goes next.</summary>
/// <param name="HostId">The host.</param>
/// <param name="HostName">Its name at its newest one.</param>
/// <param name="Count">Those that are not pinned; recordings only when they have ended, each with those of the processes that its program started as one.</param>
/// <param name="Bytes">Bytes that these take in the store.</param>
/// <param name="PinnedCount">Pinned ones.</param>
/// <param name="PinnedBytes">Bytes that these take.</param>
/// <param name="NextId">The oldest that is not pinned: it goes next. Null when there is none.</param>
/// <param name="NextTakenAt">When that was taken, or begun.</param>
/// <param name="NextGoesAt">When it goes because of its age, if not before because of the other limits; null when age is no limit.</param>
public sealed record HostUsage(
    string HostId, string HostName, int Count, long Bytes, int PinnedCount, long PinnedBytes, string? NextId, DateTimeOffset? NextTakenAt, DateTimeOffset? NextGoesAt);
