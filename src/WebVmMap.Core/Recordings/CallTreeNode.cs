namespace WebVmMap.Core.Recordings;

/// <summary>A node of a <see cref="CallTree"/>. Immutable.</summary>
/// <param name="Parent">Number of its parent; -1 for the root.</param>
/// <param name="Depth">0 for the root.</param>
/// <param name="End">Number after the last of its descendants: they are those from the next number on.</param>
/// <param name="Place">What it is called.</param>
/// <param name="Own">What happened here and in none of its children.</param>
/// <param name="Total">That and all of its children: exactly their sum.</param>
public readonly record struct CallTreeNode(int Parent, int Depth, int End, CodePlace Place, AllocationFigures Own, AllocationFigures Total);
