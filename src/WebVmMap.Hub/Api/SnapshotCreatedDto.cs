namespace WebVmMap.Hub.Api;

/// <summary>A snapshot that was taken.</summary>
/// <param name="Id">Its id.</param>
internal sealed record SnapshotCreatedDto(string Id);
