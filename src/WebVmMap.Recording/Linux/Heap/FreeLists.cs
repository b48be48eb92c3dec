namespace WebVmMap.Recording.Linux.Heap;

/// <summary>
/// The chunks that are free though they look as if they were in use: those of lists that are linked one way. Only their beginning changes, so
/// a chunk that nobody has touched is found however fast they do. Whatever lies in the memory, it ends. Not thread-safe.
/// </summary>
/// <param name="memory">What it reads from.</param>
/// <param name="cancellation">Set when nobody wants it any more; its exception comes out of every <c>Add</c>.</param>
internal sealed class FreeLists(IHeapMemory memory, CancellationToken cancellation)
{
    // The first chunk of a list may have gone to somebody by the time that it is read: that is tried again, soon, for the rest stays.
    private const int Attempts = 200_000;
    private const int AttemptsInAll = 10 * Attempts;
    private const int AttemptsBetweenRests = 1000;
    private const int MaxChunks = 4_000_000;
    private const long MaxSteps = 2L * MaxChunks;
    private const int StepsBetweenLooks = 4096;

    private readonly HashSet<ulong> _chunks = [];

    // From 2.32 on links are crossed with where they lie. Known once a list was read to its end so: what a single link looks like may be
    // what somebody wrote there who was given the chunk meanwhile.
    private bool? _crossed;
    private long _steps;
    private int _attempts;

    /// <summary>Whether every list was read to its end.</summary>
    public bool AreWhole { get; private set; } = true;

    /// <summary>Whether a chunk is in one of them.</summary>
    public bool Contains(ulong chunk) => _chunks.Contains(chunk);

    /// <summary>Reads those of an arena.</summary>
    public void Add(Arena arena)
    {
        for (var bin = 0; bin < Arena.FastBins; bin++)
        {
            Follow(arena.FastBin(bin), 32 + ((ulong)bin * 16), blocks: false);
        }
    }

    /// <summary>Reads those of a thread's table.</summary>
    /// <param name="table">Where the table's block begins.</param>
    /// <param name="chunk">Bytes of its chunk.</param>
    public void Add(ulong table, ulong chunk)
    {
        var (lists, count) = ThreadCache.Lists(chunk);
        for (var list = 0; list < count; list++)
        {
            Follow(table + (ulong)lists + ((ulong)list * 8), ThreadCache.ChunkOf(list), blocks: true);
        }
    }

    // Lists of threads link blocks, not the chunks that begin 16 bytes before them.
    private void Follow(ulong from, ulong size, bool blocks)
    {
        for (var attempt = 1; attempt <= Attempts && _attempts < AttemptsInAll && _steps < MaxSteps; attempt++)
        {
            _attempts++;
            cancellation.ThrowIfCancellationRequested();
            if (!memory.TryRead(from, out var first) || first == 0 || TryFollow(from, first, size, blocks))
            {
                return;
            }
            if (attempt % AttemptsBetweenRests == 0)
            {
                Thread.Sleep(1);
            }
        }
        AreWhole = false;
    }

    private bool TryFollow(ulong from, ulong first, ulong size, bool blocks)
    {
        var chunk = first - (blocks ? 16UL : 0);
        var isCrossed = _crossed;
        Span<ulong> words = stackalloc ulong[2];
        for (var steps = 0; chunk != 0; steps++)
        {
            if (steps > MaxChunks || _steps++ > MaxSteps)
            {
                return false;
            }
            if (steps % StepsBetweenLooks == 0)
            {
                cancellation.ThrowIfCancellationRequested();
            }
            // What was taken out meanwhile belongs to somebody, who may have written anything there.
            if ((chunk & 15) != 0 || !memory.TryRead(chunk + 8, words) || (size != 0 && (words[0] & ~15UL) != size))
            {
                return false;
            }
            _chunks.Add(chunk);
            if (Next(chunk + 16, words[1], size, blocks, ref isCrossed) is not { } next)
            {
                return false;
            }
            chunk = next;
        }
        if (isCrossed is null && !(memory.TryRead(from, out var still) && still == first))
        {
            // It seemed to end where its only chunk held zero: of a list that is another one by now.
            return false;
        }
        _crossed = isCrossed;
        return true;
    }

    // Null where there is no such chunk.
    private ulong? Next(ulong at, ulong link, ulong size, bool blocks, ref bool? isCrossed)
    {
        var crossed = link ^ (at >> 12);
        if (crossed == 0)
        {
            return (isCrossed ??= true) ? 0 : null;
        }
        if (link == 0)
        {
            return isCrossed == true ? null : 0;
        }
        var behind = blocks ? 16UL : 0;
        if (isCrossed is null && IsChunk(crossed - behind, size) is var asCrossed && asCrossed != IsChunk(link - behind, size))
        {
            isCrossed = asCrossed;
        }
        var next = (isCrossed == false ? link : crossed) - behind;
        return (next & 15) == 0 && next >> 47 == 0 && next >= 65536 ? next : null;
    }

    private bool IsChunk(ulong at, ulong size) => (at & 15) == 0 && at >> 47 == 0 && memory.TryRead(at + 8, out var head) && (size == 0 || (head & ~15UL) == size);
}
