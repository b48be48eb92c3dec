using System.Collections.Immutable;
using WebVmMap.Core.Recordings;

namespace WebVmMap.Hub.Recordings;

/// <summary>Live blocks of a recording. Immutable.</summary>
/// <param name="Blocks">Those that were asked for, in the order asked for.</param>
/// <param name="Count">How many fit in all.</param>
/// <param name="Bytes">Bytes of all that fit.</param>
/// <param name="Groups">Of all that fit, those between neighbouring bounds of the question.</param>
/// <param name="IsLive">Whether the recording runs; else they are those of its end.</param>
/// <param name="AsOf">When they were live.</param>
/// <param name="LeftOutBlocks">Blocks that were live at the end and were not kept, whether they would fit or not.</param>
/// <param name="LeftOutBytes">Bytes of these.</param>
public sealed record BlockList(
    ImmutableArray<RecordedBlock> Blocks, long Count, long Bytes, ImmutableArray<BlockGroup> Groups, bool IsLive, DateTimeOffset AsOf, long LeftOutBlocks, long LeftOutBytes);
