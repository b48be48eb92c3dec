namespace WebVmMap.Hub.Components.Recordings;

/// <summary>Live blocks that begin in one region.</summary>
/// <param name="Row">The region's row in its table.</param>
/// <param name="Blocks">How many they are.</param>
/// <param name="Bytes">Their bytes.</param>
internal readonly record struct BlocksOfRegion(int Row, long Blocks, long Bytes);
