namespace WebVmMap.Core.Recordings;

/// <summary>A place in code to which a call returns. Its number is its place in the order in which frames were told.</summary>
/// <param name="Module">Number of its module; -1 when the address lies in none.</param>
/// <param name="Offset">The return address: from the module's first byte in memory (Linux: load bias), or whole when there is no module.</param>
public readonly record struct RecordedFrame(int Module, ulong Offset);
