using WebVmMap.Core.Recordings;

namespace WebVmMap.Recording.Blocks;

/// <summary>What a heap was found to have given out, when it was looked at from outside.</summary>
/// <param name="State"><see cref="HeapBefore.Counted"/>, or why it was not.</param>
/// <param name="Blocks">The blocks, each once.</param>
/// <param name="UnwalkedBytes">Bytes of the heap that were not looked at, or had no order.</param>
/// <param name="CpuMs">Processor time that it took.</param>
internal sealed record HeapCount(HeapBefore State, List<HeapBlock> Blocks, long UnwalkedBytes, double CpuMs = 0);
