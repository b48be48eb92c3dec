using WebVmMap.Recording.Blocks;

namespace WebVmMap.Recording.Tests.Blocks;

/// <summary>The table of live blocks does what a dictionary does, however it grows and shrinks.</summary>
public sealed class LiveBlocksTests
{
    [Theory]
    [InlineData(1, 16)]
    [InlineData(2, 48)]
    [InlineData(3, 4096)]
    [InlineData(4, 1 << 20)]
    public void Table_OfManyChanges_IsAsADictionary(int seed, int distance)
    {
        var random = new Random(seed);
        using var table = new LiveBlocks();
        var expected = new Dictionary<ulong, (long Size, int Weight, int Site)>();
        var addresses = new List<ulong>();
        for (var i = 0; i < 400_000; i++)
        {
            // It grows to some tens of thousands and shrinks again, twice.
            var grows = random.Next(100) < (i / 100_000 % 2 == 0 ? 80 : 20);
            if (grows || addresses.Count == 0)
            {
                var address = 0x7f00_0000_0000UL + ((ulong)random.Next(200_000) * (ulong)distance);
                ref var place = ref table.Place(address, out var isLive);
                Assert.Equal((expected.ContainsKey(address), address), (isLive, place.Address));
                if (isLive)
                {
                    Assert.Equal(expected[address], (place.Size, place.Weight, place.Site));
                }
                else
                {
                    Assert.Equal((0L, 0), (place.Size, place.Site));
                    addresses.Add(address);
                }
                place.SetSize(i, (i % 1000) + 1);
                place.Site = i;
                expected[address] = (i, (i % 1000) + 1, i);
            }
            else
            {
                var which = random.Next(addresses.Count);
                var address = addresses[which];
                (addresses[which], addresses[^1]) = (addresses[^1], addresses[which]);
                addresses.RemoveAt(addresses.Count - 1);
                Assert.True(table.Remove(address, out var block));
                Assert.Equal((address, expected[address]), (block.Address, (block.Size, block.Weight, block.Site)));
                expected.Remove(address);
                Assert.False(table.Remove(address, out _));
            }
            Assert.Equal(expected.Count, table.Count);
        }
        Assert.Equal(expected.Keys.Order(), All(table).Order());
        var gone = new List<ulong>();
        table.Clear(block => gone.Add(block.Address));
        Assert.Equal(expected.Keys.Order(), gone.Order());
        Assert.Equal((0L, 0), (table.Count, All(table).Count));
        table.Add(new BlockEntry { Address = 16 });
        Assert.Equal(16UL, Assert.Single(All(table)));
    }

    [Fact]
    public void Next_WhileItGrows_ShowsWhatStaysExactlyOnce()
    {
        using var table = new LiveBlocks();
        for (var i = 1UL; i <= 50_000; i++)
        {
            table.Add(new BlockEntry { Address = i * 48 });
        }
        var seen = new List<ulong>();
        var added = 50_000UL;
        for (var position = 0UL; table.Next(ref position, out var blocks);)
        {
            foreach (var block in blocks)
            {
                if (block.Address is > 0 and <= 50_000 * 48)
                {
                    seen.Add(block.Address);
                }
            }
            for (var i = 0; i < 3000; i++)
            {
                table.Add(new BlockEntry { Address = ++added * 48 });
            }
        }
        Assert.Equal(50_000, seen.Count);
        Assert.Equal(50_000, seen.Distinct().Count());
    }

    [Fact]
    public void Table_OfTheSmallestBlocksSideBySide_HoldsMillions()
    {
        // What lies near each other shares a shard, and of nothing is more in 16 KiB than of these.
        using var table = new LiveBlocks();
        for (var i = 0UL; i < 2_000_000; i++)
        {
            table.Add(new BlockEntry { Address = 0x7f00_0000_0000UL + (i * 8), Site = (int)i });
        }
        Assert.Equal(2_000_000, table.Count);
        for (var i = 0UL; i < 2_000_000; i++)
        {
            Assert.True(table.Remove(0x7f00_0000_0000UL + (i * 8), out var block));
            Assert.Equal((int)i, block.Site);
        }
        Assert.Equal(0, table.Count);
    }

    [Fact]
    public void Table_OfAddressesThatNoAllocatorGives_IsRefusedAndNotGrownForEver()
    {
        // Such addresses have more bits of their hashes in common than real ones ever have: with few bits, any do.
        using var table = new LiveBlocks(mostBits: 3);
        var refused = Assert.Throws<RecordingException>(() =>
        {
            for (var i = 1UL; i < 100_000; i++)
            {
                table.Add(new BlockEntry { Address = i * 48 });
            }
        });
        Assert.Contains("more live blocks than can be kept", refused.Message, StringComparison.Ordinal);
    }

    private static List<ulong> All(LiveBlocks table)
    {
        var all = new List<ulong>();
        for (var position = 0UL; table.Next(ref position, out var blocks);)
        {
            foreach (var block in blocks)
            {
                if (block.Address != 0)
                {
                    all.Add(block.Address);
                }
            }
        }
        return all;
    }
}
