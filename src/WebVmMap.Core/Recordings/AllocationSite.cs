namespace WebVmMap.Core.Recordings;

/// <summary>What blocks are counted by: a call stack and what it called, and a class of sizes. Its number is its place in the order in which sites were told.</summary>
/// <param name="Node">Number of the node of its innermost frame; -1 where no frame is known, as for blocks from before the recording.</param>
/// <param name="Kind">Through what its blocks were got.</param>
/// <param name="BeforeRecording">Whether these are blocks from before the recording, which nobody saw being made.</param>
/// <param name="SizeClass">The <see cref="Recordings.SizeClass"/> of its blocks; 0 where that is not known.</param>
public readonly record struct AllocationSite(int Node, AllocationKind Kind, bool BeforeRecording = false, byte SizeClass = 0);
