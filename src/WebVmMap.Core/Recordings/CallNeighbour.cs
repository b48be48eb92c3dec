namespace WebVmMap.Core.Recordings;

/// <summary>A function as seen from another one.</summary>
/// <param name="Place">The function.</param>
/// <param name="Total">What goes through both.</param>
public readonly record struct CallNeighbour(CodePlace Place, AllocationFigures Total);
