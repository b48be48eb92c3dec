namespace WebVmMap.Core.Recordings;

/// <summary>Live blocks that begin between two neighbouring bounds of a question.</summary>
/// <param name="Bound">Number of the lower bound.</param>
/// <param name="Blocks">How many they are.</param>
/// <param name="Bytes">Their bytes.</param>
public readonly record struct BlockGroup(int Bound, long Blocks, long Bytes);
