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
        return Of([.. blocks], biggest);
    }

    /// <summary>Some of what was found.</summary>
    /// <param name="blocks">Those that are kept, by rising address.</param>
    /// <param name="found">Tells of all that there were.</param>
    public static KeptBlocks Of(ImmutableArray<LiveBlock> blocks, FoundBlocks found)
    {
        var (count, bytes) = Sum(blocks);
        return new KeptBlocks { Blocks = blocks, LeftOutBlocks = Math.Max(0, found.Count - count), LeftOutBytes = Math.Max(0, found.Bytes - bytes) };
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
    public KeptBlocks Without(Predicate<LiveBlock> isOut)
    {
        var (count, bytes) = Sum(Blocks.Where(block => isOut(block)));
        return this with { Blocks = Blocks.RemoveAll(isOut), LeftOutBlocks = LeftOutBlocks + count, LeftOutBytes = LeftOutBytes + bytes };
    }

    // Of all that they stand for.
    private static (long Blocks, long Bytes) Sum(IEnumerable<LiveBlock> blocks)
    {
        var (count, bytes) = (0L, 0L);
        foreach (var block in blocks)
        {
            count += block.Weight;
            bytes += block.Size * block.Weight;
        }
        return (count, bytes);
    }

    private static int ByAddress(LiveBlock x, LiveBlock y) => x.Address.CompareTo(y.Address);
}
