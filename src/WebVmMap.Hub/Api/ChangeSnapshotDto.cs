namespace WebVmMap.Hub.Api;

/// <summary>What to change about a kept snapshot; what is absent stays.</summary>
/// <param name="Label">The user's words for it, at most 200 characters.</param>
/// <param name="Note">More words, at most 4000 characters.</param>
/// <param name="Pinned">Whether retention spares it.</param>
internal sealed record ChangeSnapshotDto(string? Label, string? Note, bool? Pinned);
