namespace WebVmMap.Hub.Components.Controls;

/// <summary>What a person has written about something that is kept.</summary>
/// <param name="Name">A snapshot's label, or a recording's name.</param>
/// <param name="Note">More words.</param>
/// <param name="Pinned">Whether retention spares it.</param>
public sealed record KeptWords(string Name, string Note, bool Pinned);
