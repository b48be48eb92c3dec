namespace WebVmMap.Core.Recordings;

/// <summary>
/// A call stack, as one more frame on top of another one: stacks of a recording are a tree, told parents first. Its number is its
/// place in the order in which nodes were told.
/// </summary>
/// <param name="Parent">Number of the node of its caller; -1 for the outermost frame.</param>
/// <param name="Frame">Number of its frame.</param>
public readonly record struct RecordedNode(int Parent, int Frame);
