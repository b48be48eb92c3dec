namespace WebVmMap.Hub.Components.Grid;

/// <summary>How a row stands in the tree.</summary>
/// <param name="Level">1 for a row at the top, 2 for its children.</param>
/// <param name="Expanded">Whether it is open; null when it has nothing to open.</param>
/// <param name="Selected">Whether it is selected.</param>
/// <param name="Dimmed">Whether it stands back: it cannot be used, or does not match.</param>
public readonly record struct GridRowLook(int Level, bool? Expanded = null, bool Selected = false, bool Dimmed = false);
