using WebVmMap.Core.Recordings;

namespace WebVmMap.Core.Tests.Recordings;

public sealed class KeptBlocksTests
{
    private static readonly List<LiveBlock> s_blocks =
        [.. Enumerable.Range(0, 1000).Select(i => new LiveBlock(0x1000UL + (ulong)(i * 64), i * 37 % 501, i % 7, (i * 11 % 50) - 1, i % 3))];

    [Theory]
    [InlineData(BlockOrder.Biggest)]
    [InlineData(BlockOrder.Newest)]
    [InlineData(BlockOrder.Oldest)]
    public void Find_EachOrder_GivesThePageOfTheSortedList(BlockOrder order)
    {
        var question = new BlockQuestion
        {
            Sites = SiteSet.Of(7, site => site is 1 or 4),
            Born = (3, 40),
            Ranges = [(0x1000, 0x1001), (0x1100, 0x2800), (0x2800, 0x8000), (0x8100, 0x9000)],
            MinSize = 5,
            Order = order,
            Skip = 10,
            Top = 20,
            Bounds = [0, 0x2000, 0x3000, 0xf000],
        };
        var fitting = s_blocks.Where(block => block is { Site: 1 or 4, Born: >= 3 and < 40, Size: >= 5, Address: 0x1000 or (>= 0x1100 and < 0x8000) or (>= 0x8100 and < 0x9000) }).ToList();
        var sorted = (order switch
        {
            BlockOrder.Newest => fitting.OrderByDescending(block => block.Born).ThenByDescending(block => block.Size),
            BlockOrder.Oldest => fitting.OrderBy(block => block.Born).ThenByDescending(block => block.Size),
            _ => fitting.OrderByDescending(block => block.Size),
        }).ThenBy(block => block.Address);
        var found = Find(question);
        Assert.Equal(sorted.Skip(10).Take(20), found.Blocks);
        Assert.Equal((fitting.Count, fitting.Sum(block => block.Size)), (found.Count, found.Bytes));
        Assert.Equal(
            [(0, 0x1000UL, 0x2000UL), (1, 0x2000, 0x3000), (2, 0x3000, 0xf000)],
            found.Groups.Select(group => (group.Bound, group.Bound == 0 ? 0x1000UL : question.Bounds[group.Bound], question.Bounds[group.Bound + 1])));
        foreach (var group in found.Groups)
        {
            var within = fitting.Where(block => block.Address >= question.Bounds[group.Bound] && block.Address < question.Bounds[group.Bound + 1]).ToList();
            Assert.Equal((within.Count, within.Sum(block => block.Size)), (group.Blocks, group.Bytes));
        }
    }

    [Fact]
    public void Find_AnAddress_GivesTheBlockThatHoldsIt()
    {
        Assert.Equal(0x1040UL, Assert.Single(Find(new BlockQuestion { Address = 0x1040 + 36 }).Blocks).Address);
        Assert.Empty(Find(new BlockQuestion { Address = 0x1040 + 37 }).Blocks);
        // A block of no bytes is at its address all the same.
        Assert.Equal(0L, Assert.Single(Find(new BlockQuestion { Address = 0x1000 }).Blocks).Size);
    }

    [Fact]
    public void Of_MoreThanMayBe_KeepsTheBiggestAndTheNewestAndSaysWhatIsLeftOut()
    {
        var kept = KeptBlocks.Of(Find, most: 100);
        Assert.Equal(100, kept.Blocks.Length);
        Assert.Equal(kept.Blocks.OrderBy(block => block.Address), kept.Blocks);
        Assert.Empty(s_blocks.OrderByDescending(block => block.Size).ThenBy(block => block.Address).Take(50).Except(kept.Blocks));
        var newest = s_blocks.Max(block => block.Born);
        Assert.Empty(s_blocks.Where(block => block.Born == newest).Except(kept.Blocks));
        Assert.Equal((900, s_blocks.Sum(block => block.Size)), (kept.LeftOutBlocks, kept.LeftOutBytes + kept.Blocks.Sum(block => block.Size)));
        Assert.Equal((1000, 0L), (KeptBlocks.Of(Find, most: 1000).Blocks.Length, KeptBlocks.Of(Find, most: 1000).LeftOutBlocks));
    }

    [Fact]
    public void Decode_WhatEncodeWrote_IsTheSame()
    {
        var kept = new KeptBlocks { Blocks = [.. s_blocks, new LiveBlock(ulong.MaxValue, long.MaxValue, RecordingLimits.MaxSites - 1, RecordingLimits.MaxIntervals - 1, int.MaxValue)], LeftOutBlocks = 3, LeftOutBytes = 1L << 40 };
        var read = KeptBlocksCodec.Decode(KeptBlocksCodec.Encode(kept));
        Assert.Equal(kept.Blocks, read.Blocks);
        Assert.Equal((3L, 1L << 40), (read.LeftOutBlocks, read.LeftOutBytes));
    }

    [Fact]
    public void Decode_Damaged_SaysSoAndNothingElse()
    {
        var good = KeptBlocksCodec.Encode(new KeptBlocks { Blocks = [.. s_blocks] });
        var random = new Random(1);
        for (var i = 0; i < 2000; i++)
        {
            var bad = good[..random.Next(good.Length + 1)];
            for (var change = random.Next(1, 4); change > 0 && bad.Length > 0; change--)
            {
                bad[random.Next(bad.Length)] = (byte)random.Next(256);
            }
            try
            {
                KeptBlocksCodec.Decode(bad);
            }
            catch (InvalidDataException)
            {
                // What it is there for.
            }
        }
    }

    private static FoundBlocks Find(BlockQuestion question)
    {
        var search = new BlockSearch(question);
        foreach (var block in Enumerable.Reverse(s_blocks))
        {
            search.Offer(block);
        }
        return search.Complete();
    }
}
