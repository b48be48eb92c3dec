namespace WebVmMap.Hub.Components.Recordings;

/// <summary>A row of the call tree that shows.</summary>
/// <param name="Node">Number of its node.</param>
/// <param name="Expanded">Whether it is open; null when it calls nothing that shows.</param>
/// <param name="Matches">Whether the filter finds it itself; true without a filter.</param>
public readonly record struct CallRow(int Node, bool? Expanded, bool Matches);
