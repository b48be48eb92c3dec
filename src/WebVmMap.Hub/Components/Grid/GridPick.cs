namespace WebVmMap.Hub.Components.Grid;

/// <summary>A choice of a row by mouse or keyboard.</summary>
/// <param name="Index">Which row.</param>
/// <param name="Toggle">Add it to what is selected or take it out (Ctrl or Cmd).</param>
/// <param name="Extend">Select everything from the last choice to it (Shift).</param>
public readonly record struct GridPick(int Index, bool Toggle, bool Extend);
