namespace WebVmMap.Hub.Store;

/// <summary>What was live by stack when a snapshot was taken of a process under recording.</summary>
/// <param name="RecordingId">The recording; it may go, these stay.</param>
/// <param name="Stacks">The stacks, as a recording file (docs/formats.md) of that moment alone.</param>
/// <param name="Data">The blocks (docs/formats.md "Live blocks").</param>
public sealed record NewSnapshotBlocks(string RecordingId, ReadOnlyMemory<byte> Stacks, ReadOnlyMemory<byte> Data);
