namespace WebVmMap.Hub.Api;

/// <summary>What to change about a recording; what is absent stays.</summary>
/// <param name="Name">What it is called, at most 200 characters.</param>
/// <param name="Note">More words, at most 4000 characters.</param>
/// <param name="Pinned">Whether retention spares it.</param>
internal sealed record ChangeRecordingDto(string? Name, string? Note, bool? Pinned);
