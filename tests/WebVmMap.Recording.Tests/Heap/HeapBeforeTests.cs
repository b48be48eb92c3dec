using System.Globalization;
using WebVmMap.Core.Recordings;
using WebVmMap.Testing;

namespace WebVmMap.Recording.Tests.Heap;

/// <summary>What programs that know every block of theirs had before they were attached to is found, block by block, and nothing that they had freed.</summary>
public sealed class HeapBeforeTests
{
    // What the C library, its loader and the tracer keep for themselves, in all threads together.
    private const int MostOthers = 80;

    private static RecordedProgram Program => RecordedProgram.Compile("standing.c", "gcc", "-lpthread");

    [Theory]
    [InlineData("")]
    [InlineData("glibc.malloc.tcache_count=0")]
    [InlineData("glibc.malloc.arena_max=1")]
    [InlineData("glibc.malloc.mmap_threshold=4096")]
    [InlineData("glibc.malloc.mxfast=0")]
    public async Task Attach_ProgramThatKnowsItsBlocks_HasThemAllAndNoneThatIsFree(string tunables)
    {
        using var program = ToldProgram.Start("env", $"GLIBC_TUNABLES={tunables}", Program.Path);
        await program.DoAsync("fill");
        var table = Table.Of(await program.DoAsync("list"));
        await using var attachment = await Attachment.BeginAsync(program.Key);
        var health = await attachment.CountedAsync();
        Assert.Equal((HeapBefore.Counted, 0L, 0L), (health.Before, health.BeforeUnwalkedBytes, health.BeforeCountedOnly));
        AssertHas(table, attachment);

        var dropped = (await program.DoAsync("drop")).Single(line => line.StartsWith("dropped", StringComparison.Ordinal)).Split(' ');
        var recorded = await attachment.StopAsync();
        Assert.Equal(0, await program.EndAsync());
        var figures = new RecordingState();
        recorded.Intervals.ForEach(figures.Apply);
        var before = Enumerable.Range(0, figures.Sites.Count).Where(site => figures.Sites[site].BeforeRecording).ToList();
        Assert.Equal(long.Parse(dropped[1], CultureInfo.InvariantCulture), before.Sum(site => figures.FiguresOf(site).Frees));
        Assert.Equal(long.Parse(dropped[2], CultureInfo.InvariantCulture), before.Sum(site => figures.FiguresOf(site).FreedBytes));
        Assert.Equal(0, recorded.Health.UnknownFrees);
        Assert.All(before, site => Assert.NotEqual(0, figures.Sites[site].SizeClass));
    }

    [Fact]
    public async Task Attach_HeapOfOneArena_HasTheBytesThatMallinfoTells()
    {
        // No thread keeps chunks for itself and no list has any: then what is in use is what mallinfo2 says.
        using var program = ToldProgram.Start("env", "GLIBC_TUNABLES=glibc.malloc.tcache_count=0:glibc.malloc.mxfast=0:glibc.malloc.arena_max=1", Program.Path);
        await program.DoAsync("fill");
        await using var attachment = await Attachment.BeginAsync(program.Key);
        Assert.Equal(HeapBefore.Counted, (await attachment.CountedAsync()).Before);
        var figures = (await program.DoAsync("figures"))[0].Split(' ').Skip(1).Select(word => long.Parse(word, CultureInfo.InvariantCulture)).ToArray();
        var blocks = Before(attachment);
        var mapped = blocks.Where(block => (block.Size & 15) == 0).ToList();
        Assert.Equal((figures[0], figures[1]), (blocks.Except(mapped).Sum(block => block.Size + 8), (long)mapped.Count));
    }

    [Fact]
    public async Task Attach_ProgramThatAllocatesAsFastAsItCan_HasExactlyTheBlocksThatStand()
    {
        using var program = ToldProgram.Start(Program.Path);
        await program.DoAsync("fill");
        var table = Table.Of(await program.DoAsync("list"));
        await program.DoAsync("churn");
        for (var turn = 0; turn < 5; turn++)
        {
            await using var attachment = await Attachment.BeginAsync(program.Key);
            var health = await attachment.CountedAsync();
            Assert.Equal((HeapBefore.Counted, 0L), (health.Before, health.BeforeUnwalkedBytes));
            if (turn == 4)
            {
                // What the churning threads had, they have freed then.
                await program.DoAsync("calm");
                AssertHas(table, attachment);
            }
            await attachment.StopAsync();
        }
        Assert.Equal(0, await program.EndAsync());
    }

    [Fact]
    public async Task Attach_HeapThatWasWrittenOver_HasTheRestAndSaysHowMuchWasNotWalked()
    {
        using var program = ToldProgram.Start(Program.Path);
        await program.DoAsync("fill");
        var table = Table.Of(await program.DoAsync("list"));
        await program.DoAsync("torn");
        await using var attachment = await Attachment.BeginAsync(program.Key);
        var health = await attachment.CountedAsync();
        Assert.Equal(HeapBefore.Counted, health.Before);
        Assert.InRange(health.BeforeUnwalkedBytes, 16, 64 << 10);
        var found = Before(attachment).ToDictionary(block => block.Address, block => block.Size);
        var missing = table.Blocks.Where(block => !found.ContainsKey(block.Key)).Sum(block => block.Value);
        Assert.InRange(missing, 1, health.BeforeUnwalkedBytes);
        Assert.InRange(found.Count - table.Blocks.Count(block => found.ContainsKey(block.Key)), 1, MostOthers);
        Assert.InRange(table.Gone.Count(found.ContainsKey), 0, MostOthers);
    }

    [Fact]
    public async Task Attach_Sampled_IsSaidNotToCount()
    {
        using var program = ToldProgram.Start(Program.Path);
        await program.DoAsync("fill");
        await using var attachment = await Attachment.BeginAsync(program.Key, Recorded.Patient with { SampleBytes = 4096 });
        Assert.Equal(HeapBefore.Sampled, (await attachment.CountedAsync()).Before);
        Assert.Empty(Before(attachment));
    }

    [Theory]
    [InlineData("libjemalloc.so.2", HeapBefore.Jemalloc)]
    [InlineData("libmimalloc.so.2", HeapBefore.Mimalloc)]
    [InlineData("libtcmalloc_minimal.so.4", HeapBefore.Tcmalloc)]
    public async Task Attach_AnotherAllocator_IsSaidNotToBeCounted(string library, HeapBefore state)
    {
        using var program = ToldProgram.Start("env", $"LD_PRELOAD={library}", Program.Path);
        await program.DoAsync("fill");
        await using var attachment = await Attachment.BeginAsync(program.Key);
        Assert.Equal(state, (await attachment.CountedAsync()).Before);
        Assert.Empty(Before(attachment));
    }

    [Fact]
    public async Task Attach_Python_HasWhatMallinfoTells()
    {
        const string Script = """
            import ctypes, sys
            class Figures(ctypes.Structure):
                _fields_ = [(name, ctypes.c_size_t) for name in 'arena ordblks smblks hblks hblkhd usmblks fsmblks uordblks fordblks keepcost'.split()]
            mallinfo = ctypes.CDLL(None).mallinfo2
            mallinfo.restype = Figures
            kept = [bytes(600 + i % 3000) for i in range(20000)] + [bytes(1 << 20) for i in range(5)]
            print('done', flush=True)
            for line in sys.stdin:
                figures = mallinfo()
                print('figures', figures.uordblks, figures.hblks, figures.hblkhd, flush=True)
                print('done', flush=True)
            """;
        using var program = ToldProgram.Start("env", "GLIBC_TUNABLES=glibc.malloc.tcache_count=0:glibc.malloc.mxfast=0", "/usr/bin/python3", "-c", Script);
        await using var attachment = await Attachment.BeginAsync(program.Key);
        var health = await attachment.CountedAsync();
        Assert.Equal((HeapBefore.Counted, 0L), (health.Before, health.BeforeUnwalkedBytes));
        var blocks = Before(attachment);
        var figures = (await program.DoAsync("figures"))[0].Split(' ').Skip(1).Select(word => long.Parse(word, CultureInfo.InvariantCulture)).ToArray();
        // Between the two Python has gone on by a line or so.
        Assert.InRange(blocks.Sum(block => block.Size + ((block.Size & 15) == 0 ? 16 : 8)), (figures[0] + figures[2]) * 0.999, (figures[0] + figures[2]) * 1.001);
        Assert.Equal(figures[1], blocks.Count(block => (block.Size & 15) == 0));
    }

    [Fact]
    public async Task Attach_DotNet_IsCountedWhole()
    {
        var shell = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo(
            "sh", ["-c", "sh -c 'echo $$; exec \"$0\" > /dev/null' \"$0\" & wait $!", Path.Combine(Repository.Root, "src/WebVmMap.Demo/bin/Release/net10.0/webvmmap-demo")])
        { RedirectStandardOutput = true })!;
        try
        {
            var id = int.Parse((await shell.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken))!, CultureInfo.InvariantCulture);
            // Once it allocates in threads of its own, the runtime is up.
            Assert.True(SpinWait.SpinUntil(() => Directory.GetDirectories($"/proc/{id}/task").Length > 4, TimeSpan.FromSeconds(30)));
            await using var attachment = await Attachment.BeginAsync(new(id, 0));
            var health = await attachment.CountedAsync();
            Assert.Equal((HeapBefore.Counted, 0L), (health.Before, health.BeforeUnwalkedBytes));
            Assert.InRange(Before(attachment).Count, 1000, 1_000_000);
            Assert.False(shell.HasExited);
        }
        finally
        {
            shell.Kill(entireProcessTree: true);
        }
    }

    [Fact]
    public async Task Attach_AddressInABlockFromBefore_FindsItWithItsSize()
    {
        using var program = ToldProgram.Start(Program.Path);
        await program.DoAsync("fill");
        var table = Table.Of(await program.DoAsync("list"));
        await using var attachment = await Attachment.BeginAsync(program.Key);
        await attachment.CountedAsync();
        var (address, size) = table.Blocks.MaxBy(block => block.Value);
        var found = Assert.Single(attachment.Find(new BlockQuestion { Address = address + (ulong)size - 1 }).Blocks);
        Assert.Equal((address, size, -1), (found.Address, found.Size, found.Born));
    }

    private static List<LiveBlock> Before(Attachment attachment) =>
        [.. attachment.Find(new BlockQuestion { Top = 1_000_000 }).Blocks.Where(block => block.Born < 0)];

    private static void AssertHas(Table table, Attachment attachment)
    {
        var found = Before(attachment).ToDictionary(block => block.Address, block => block.Size);
        Assert.Equal(table.Blocks.OrderBy(block => block.Key), table.Blocks.Keys.Order().Select(address => KeyValuePair.Create(address, found.GetValueOrDefault(address, -1))));
        // Some of what was free the loader has got for the tracer, before that recorded anything.
        Assert.InRange(found.Count - table.Blocks.Count, 1, MostOthers);
    }

    /// <summary>What the program says that it has, with usable bytes, and what it had.</summary>
    private sealed record Table(Dictionary<ulong, long> Blocks, HashSet<ulong> Gone)
    {
        public static Table Of(List<string> lines)
        {
            var table = new Table([], []);
            foreach (var words in lines.Select(line => line.Split(' ')))
            {
                var address = ulong.Parse(words[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
                if (words[0] == "block")
                {
                    table.Blocks.Add(address, long.Parse(words[2], CultureInfo.InvariantCulture));
                }
                else
                {
                    table.Gone.Add(address);
                }
            }
            return table;
        }
    }
}
