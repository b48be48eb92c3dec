using CsCheck;
using WebVmMap.Recording.Linux.Heap;

namespace WebVmMap.Recording.Tests.Heap;

/// <summary>Heaps made by lot are walked over: at rest, while they change, and when they were written over.</summary>
public sealed class ChunkWalkTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(1);

    // What changes here does so when it is read, and what was written over stays so.
    private static readonly TimeSpan s_changePatience = TimeSpan.FromMilliseconds(20);

    [Fact]
    public void Walk_HeapAtRest_FindsWhatIsInUseAndNothingThatAThreadKeeps() => Gen.Select(Gen.Int[0, int.MaxValue], Gen.Int[1, 3000]).Sample((seed, chunks) =>
    {
        var heap = new MadeHeap(seed, chunks, changes: 0);
        var walk = Walk(heap);
        Assert.Equal(heap.Standing, walk.Blocks.Where(block => !heap.IsBusy(block)));
        Assert.Equal((0L, (long)chunks), (walk.UnwalkedBytes, walk.Chunks));
    }, iter: 200);

    [Fact]
    public void Walk_HeapThatChangesMeanwhile_FindsAllThatStandsAndNothingElseThatNobodyTouched() => Gen.Select(Gen.Int[0, int.MaxValue], Gen.Int[1, 3000], Gen.Int[1, 8]).Sample((seed, chunks, changes) =>
    {
        var heap = new MadeHeap(seed, chunks, changes);
        var walk = Walk(heap);
        Assert.Equal(0, walk.UnwalkedBytes);
        Assert.Equal(heap.Standing, walk.Blocks.Where(block => !heap.IsBusy(block)));
    }, iter: 100);

    [Fact]
    public void Walk_HeapThatWasWrittenOver_EndsAndFindsWhatLiesOutside() => Gen.Select(Gen.Int[0, int.MaxValue], Gen.Int[100, 3000]).Sample((seed, chunks) =>
    {
        var heap = new MadeHeap(seed, chunks, changes: 0);
        var random = new Random(seed);
        var (from, length) = (random.Next(heap.Top), random.Next(1, 5000));
        random.NextBytes(heap.Bytes.AsSpan(from, Math.Min(length, heap.Bytes.Length - from)));
        var walk = Walk(heap);
        var all = walk.Blocks.ToDictionary(block => block.Address);
        // Before it everything is found; blocks never overlap, wherever.
        var behind = heap.Run.Start + (ulong)from;
        Assert.All(heap.Standing.Where(block => block.Address + (ulong)block.Size + 8 < behind), block => Assert.Equal(block, all.GetValueOrDefault(block.Address)));
        foreach (var (one, next) in walk.Blocks.Zip(walk.Blocks.Skip(1)))
        {
            Assert.True(one.Address + (ulong)one.Size - 8 < next.Address);
        }
        Assert.True(walk.UnwalkedBytes >= 0 && walk.UnwalkedBytes <= heap.Top);
    }, iter: 20, threads: 1);

    [Fact]
    public void Walk_NothingButLot_Ends() => Gen.Int[0, int.MaxValue].Sample(seed =>
    {
        var heap = new MadeHeap(seed, 1000, changes: 0);
        new Random(seed).NextBytes(heap.Bytes);
        var walk = Walk(heap);
        Assert.True(walk.UnwalkedBytes > 0 && walk.UnwalkedBytes <= heap.Top);
    }, iter: 5, threads: 1);

    private static ChunkWalk Walk(MadeHeap heap)
    {
        var walk = new ChunkWalk(heap, MadeHeap.FreeMark, s_patience, s_changePatience, CancellationToken.None);
        walk.Walk(heap.Run);
        return walk;
    }
}
