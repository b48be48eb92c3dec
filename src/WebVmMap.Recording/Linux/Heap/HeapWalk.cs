using System.Runtime.InteropServices;
using WebVmMap.Core.Recordings;
using WebVmMap.Recording.Blocks;
using WebVmMap.Recording.Linux.Attach;

namespace WebVmMap.Recording.Linux.Heap;

/// <summary>
/// Counts from outside what glibc's malloc has given out in a process that runs on meanwhile: <c>malloc</c>'s arenas, and the large chunks
/// beside them. https://sourceware.org/glibc/wiki/MallocInternals. Everything that is read may be anything, and is bounded. Not thread-safe.
/// </summary>
/// <param name="memory">The process's memory.</param>
/// <param name="mappings">What it has mapped, by address.</param>
/// <param name="nextPage">As <see cref="MappedChunks"/> takes it.</param>
/// <param name="patience">How long it may take.</param>
/// <param name="cancellation">Set when nobody wants it any more.</param>
internal sealed class HeapWalk(IHeapMemory memory, IReadOnlyList<TargetMapping> mappings, Func<ulong, ulong, ulong> nextPage, TimeSpan patience, CancellationToken cancellation)
{
    // A thread in the middle of a change waits for its turn on a machine that has more to do than it can.
    private static readonly TimeSpan s_changePatience = TimeSpan.FromSeconds(1);

    private const ulong HeapMax = 64UL << 20;
    private const int MaxArenas = 16_384;
    private const int MaxHeaps = 65_536;
    private const int FirstChunks = 64;

    // Of the header of an arena's memory: arena, memory before, bytes, and two more words since 2.35.
    private const ulong OldHeader = 0x20;
    private const ulong Header = 0x30;

    private readonly List<HeapRun> _runs = [];
    private readonly List<(ulong From, ulong To)> _heaps = [];
    private long _unwalked;

    /// <summary>Walks over all of it.</summary>
    /// <param name="libc">Where data of the C library lies.</param>
    /// <exception cref="OperationCanceledException">Nobody wants it any more.</exception>
    public HeapCount Walk(IEnumerable<TargetMapping> libc)
    {
        foreach (var part in libc)
        {
            var data = new byte[Math.Min(part.End - part.Start, 1 << 20)];
            data = data[..(memory.Read(part.Start, data) & ~7)];
            if (Arena.Find(part.Start, data) is { } first)
            {
                var low = mappings.Where(mapping => mapping.Path == TargetMapping.Heap).Select(mapping => mapping.Start).DefaultIfEmpty().Min();
                return Walk(first, low == 0 ? null : MallocParameters.Find(data, low, first.Top));
            }
        }
        return new HeapCount(HeapBefore.UnknownLayout, [], 0);
    }

    private HeapCount Walk(Arena first, MallocParameters? parameters)
    {
        var arenas = Arenas(first);
        if (arenas is null)
        {
            return new HeapCount(HeapBefore.Unreadable, [], 0);
        }
        // Before the chunks: what is free then and joins others meanwhile is not seen afterwards.
        var free = new FreeLists(memory, cancellation);
        arenas.ForEach(free.Add);
        AddFirst(first, parameters);
        arenas.Where(arena => arena.Address != first.Address).ToList().ForEach(AddFurther);
        var mark = FreeMark();
        var walk = Run(mark);
        if (mark == 0 && walk.Tables.Count > 0 && FreeMark(walk.Tables) is > 0 and var found)
        {
            // Threads had nothing for themselves where it was looked for, and others have.
            mark = found;
            walk = Run(mark);
        }
        if (mark == 0)
        {
            walk.Tables.ForEach(table => free.Add(table.Address, (ulong)table.Size + 8));
        }
        // And after them, for what a thread that ended meanwhile has given up.
        arenas.ForEach(free.Add);
        if (!free.AreWhole)
        {
            return new HeapCount(HeapBefore.Changing, [], 0);
        }
        walk.Blocks.RemoveAll(block => free.Contains(block.Address - 16));
        var mapped = new MappedChunks(memory, nextPage);
        var rest = mapped.FindAtStarts(Outside());
        mapped.FindWithin(rest, parameters?.MappedChunks ?? int.MaxValue, cancellation);
        walk.Blocks.AddRange(mapped.Blocks);
        return new HeapCount(HeapBefore.Counted, walk.Blocks, _unwalked + walk.UnwalkedBytes + mapped.UnwalkedBytes);
    }

    private ChunkWalk Run(ulong mark)
    {
        var walk = new ChunkWalk(memory, mark, patience, s_changePatience, cancellation);
        _runs.ForEach(run => walk.Walk(run));
        return walk;
    }

    // Null when they do not follow each other in a ring.
    private List<Arena>? Arenas(Arena first)
    {
        var all = new List<Arena> { first };
        for (var next = first.Next; next != first.Address; next = all[^1].Next)
        {
            if (all.Count >= MaxArenas || first.Read(memory, next) is not { } arena || !memory.TryRead(next & ~(HeapMax - 1), out var owner) || owner != next)
            {
                return null;
            }
            all.Add(arena);
        }
        return all;
    }

    private void AddFirst(Arena arena, MallocParameters? parameters)
    {
        if (arena.IsEmpty)
        {
            return;
        }
        var parts = mappings.Where(mapping => mapping.Path == TargetMapping.Heap).ToList();
        var (start, end) = parts.Count == 0 ? (0UL, 0UL) : (parts[0].Start, parts[^1].End);
        if (parameters is { HeapStart: var known } && known < end)
        {
            start = known;
        }
        if (start <= arena.Top && arena.Top < end)
        {
            _runs.Add(new HeapRun(start, arena.Top, end, IsFirst: true));
            return;
        }
        // Where brk has no room, mappings take its place.
        if (start < end)
        {
            _runs.Add(new HeapRun(start, end, end, IsFirst: true));
        }
        foreach (var mapping in mappings)
        {
            if (mapping.IsAnonymous && mapping.Start <= arena.Top && arena.Top < mapping.End)
            {
                _runs.Add(new HeapRun(mapping.Start, arena.Top, mapping.End, IsFirst: true));
                _heaps.Add((mapping.Start, mapping.End));
            }
        }
    }

    // Its memory, the newest first, each piece at a multiple of 64 MiB and with the one before it in its header.
    private void AddFurther(Arena arena)
    {
        var header = arena.Address % HeapMax;
        Span<ulong> words = stackalloc ulong[3];
        var heap = arena.Top & ~(HeapMax - 1);
        for (var count = 0; heap != 0 && count < MaxHeaps; count++)
        {
            if (header is not (Header or OldHeader) || !memory.TryRead(heap, words) || words[0] != arena.Address || words[2] > HeapMax || (words[1] & (HeapMax - 1)) != 0)
            {
                // It has given up memory meanwhile, or this is none; how much is not known.
                _unwalked += count == 0 ? (long)HeapMax : 0;
                return;
            }
            var isHome = heap == arena.Address - header;
            var start = (heap + header + (isHome ? (ulong)arena.Bytes : 0) + 15) & ~15UL;
            var end = heap + words[2];
            _runs.Add(new HeapRun(start, count == 0 ? arena.Top : end, end, IsFirst: false));
            _heaps.Add((heap, heap + HeapMax));
            heap = words[1];
        }
    }

    // The kernel may have joined an arena's memory with what lies beside it.
    private List<TargetMapping> Outside()
    {
        _heaps.Sort();
        var pieces = new List<TargetMapping>();
        var next = 0;
        foreach (var mapping in mappings)
        {
            if (!mapping.IsAnonymous)
            {
                continue;
            }
            var from = mapping.Start;
            while (next < _heaps.Count && _heaps[next].To <= from)
            {
                next++;
            }
            for (var heap = next; heap < _heaps.Count && _heaps[heap].From < mapping.End; heap++)
            {
                if (_heaps[heap].From > from)
                {
                    pieces.Add(mapping with { Start = from, End = _heaps[heap].From });
                }
                from = _heaps[heap].To;
            }
            if (from < mapping.End)
            {
                pieces.Add(mapping with { Start = from });
            }
        }
        return pieces;
    }

    /// <summary>What the process writes into chunks that a thread keeps for itself; 0 when that is not known. A thread's table is among the first blocks of its arena.</summary>
    private ulong FreeMark()
    {
        var tables = new List<HeapBlock>();
        var bytes = new byte[0x300];
        foreach (var run in _runs)
        {
            var at = run.Start;
            for (var chunk = 0; chunk < FirstChunks && at < run.Stop && memory.TryRead(at + 8, out var head) && (head & ~7UL) is >= ChunkParse.Least and var size; chunk++)
            {
                if (ThreadCache.IsSize(size) && memory.Read(at + 16, bytes) == bytes.Length && ThreadCache.IsTable(size, bytes))
                {
                    tables.Add(new HeapBlock(at + 16, (long)size - 8));
                }
                at += size;
            }
        }
        return FreeMark(tables);
    }

    private ulong FreeMark(List<HeapBlock> tables)
    {
        var votes = new Dictionary<ulong, int>();
        Span<ulong> chunk = stackalloc ulong[4];
        foreach (var table in tables)
        {
            var size = (ulong)table.Size + 8;
            var (at, count) = ThreadCache.Lists(size);
            for (var list = 0; list < count; list++)
            {
                if (memory.TryRead(table.Address + (ulong)at + ((ulong)list * 8), out var block) && block > 16 && memory.TryRead(block - 16, chunk)
                    && (ThreadCache.ChunkOf(list) == 0 || (chunk[1] & ~15UL) == ThreadCache.ChunkOf(list)) && chunk[3] != 0)
                {
                    if (!ThreadCache.HasMark(size) || chunk[3] == table.Address)
                    {
                        return 0;
                    }
                    ref var vote = ref CollectionsMarshal.GetValueRefOrAddDefault(votes, chunk[3], out _);
                    vote++;
                }
            }
        }
        // Several lists agree, unless there is but one. What was taken out of its list meanwhile has another word there.
        var most = votes.Count == 0 ? default : votes.MaxBy(vote => vote.Value);
        return most.Value > votes.Values.Sum() / 2 && (most.Value > 1 || votes.Count == 1) && most.Key >> 47 != 0 ? most.Key : 0;
    }
}
