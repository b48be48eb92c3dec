using System.Collections.Immutable;

namespace WebVmMap.Core.Recordings;

/// <summary>
/// The live blocks of a recording at one moment, kept to be asked later. There may have been more than are kept: how many, and how
/// large, is told. Immutable.
/// </summary>
public sealed record KeptBlocks
{
    /// <summary>Most blocks that are kept; of more, half are the biggest and half the newest of the others.</summary>
    public const int Maximum = 1_000_000;

    /// <summary>None.</summary>
    public static KeptBlocks None { get; } = new();

    /// <summary>The blocks, by rising address.</summary>
    public ImmutableArray<LiveBlock> Blocks { get; init; } = [];

    /// <summary>How many more there were.</summary>
    public long LeftOutBlocks { get; init; }

    /// <summary>Bytes of these.</summary>
    public long LeftOutBytes { get; init; }

    /// <summary>Takes them from what can be asked.</summary>
    /// <param name="find">Answers a question; what changes between two calls may be in both answers or in none.</param>
    /// <param name="most">At most so many.</param>
    public static KeptBlocks Of(Func<BlockQuestion, FoundBlocks> find, int most = Maximum)
    {
        var biggest = find(new BlockQuestion { Top = most });
        if (biggest.Blocks.Length < most)
        {
            return new KeptBlocks { Blocks = biggest.Blocks.Sort(ByAddress) };
        }
        var kept = new Dictionary<ulong, LiveBlock>(most);
        foreach (var block in biggest.Blocks.AsSpan(0, most / 2))
        {
            kept[block.Address] = block;
        }
        foreach (var block in find(new BlockQuestion { Order = BlockOrder.Newest, Top = most }).Blocks)
        {
            if (kept.Count >= most)
            {
                break;
            }
            kept.TryAdd(block.Address, block);
        }
        var blocks = kept.Values.ToArray();
        Array.Sort(blocks, ByAddress);
        return new KeptBlocks
        {
            Blocks = [.. blocks],
            LeftOutBlocks = Math.Max(0, biggest.Count - blocks.Sum(block => (long)block.Weight)),
            LeftOutBytes = Math.Max(0, biggest.Bytes - blocks.Sum(block => block.Size * block.Weight)),
        };
    }

    /// <summary>The blocks that fit a question.</summary>
    public FoundBlocks Find(BlockQuestion question)
    {
        var search = new BlockSearch(question);
        foreach (ref readonly var block in Blocks.AsSpan())
        {
            search.Offer(block);
        }
        return search.Complete();
    }

    /// <summary>The same without some, which then count as left out.</summary>
    public KeptBlocks Without(Predicate<LiveBlock> isOut) => this with
    {
        Blocks = Blocks.RemoveAll(isOut),
        LeftOutBlocks = LeftOutBlocks + Blocks.Where(block => isOut(block)).Sum(block => (long)block.Weight),
        LeftOutBytes = LeftOutBytes + Blocks.Where(block => isOut(block)).Sum(block => block.Size * block.Weight),
    };

    private static int ByAddress(LiveBlock x, LiveBlock y) => x.Address.CompareTo(y.Address);
}
