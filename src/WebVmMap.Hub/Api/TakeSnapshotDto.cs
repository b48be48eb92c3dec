namespace WebVmMap.Hub.Api;

/// <summary>A wish for a snapshot.</summary>
/// <param name="Label">The user's words for it, at most 200 characters.</param>
internal sealed record TakeSnapshotDto(string? Label);
