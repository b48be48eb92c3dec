namespace WebVmMap.Hub.Api;

/// <summary>A snapshot of a trend.</summary>
/// <param name="Id">Its id.</param>
/// <param name="TakenAt">When it was taken, UTC.</param>
/// <param name="Label">The user's words for it.</param>
internal sealed record TrendSnapshotDto(string Id, DateTime TakenAt, string Label);
