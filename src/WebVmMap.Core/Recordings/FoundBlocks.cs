using System.Collections.Immutable;

namespace WebVmMap.Core.Recordings;

/// <summary>Live blocks that fit a question. Immutable.</summary>
/// <param name="Blocks">Those that were asked for, in the order asked for.</param>
/// <param name="Count">How many fit in all.</param>
/// <param name="Bytes">Bytes of all that fit.</param>
/// <param name="Groups">Of all that fit, those between neighbouring bounds of the question; groups without any are left out.</param>
public sealed record FoundBlocks(ImmutableArray<LiveBlock> Blocks, long Count, long Bytes, ImmutableArray<BlockGroup> Groups)
{
    /// <summary>None fits.</summary>
    public static FoundBlocks None { get; } = new([], 0, 0, []);
}
