using WebVmMap.Recording.Blocks;
using WebVmMap.Recording.Linux.Attach;

namespace WebVmMap.Recording.Linux.Heap;

/// <summary>
/// Finds the chunks that got a mapping of their own, by what stands before their blocks: whole pages, and nothing before them.
/// The kernel joins mappings that lie side by side, so one may be anywhere in one. Not thread-safe.
/// </summary>
/// <param name="memory">The memory.</param>
/// <param name="nextPage">The first page from one address on and up to another that there is; the other address when there is none.</param>
internal sealed class MappedChunks(IHeapMemory memory, Func<ulong, ulong, ulong> nextPage)
{
    /// <summary>Pages that are looked at, at the most.</summary>
    public const int MaxPages = 2_000_000;

    private const ulong Page = 4096;
    private const ulong Mapped = 2;

    // Whole pages, of what a program can address.
    private const ulong SizeMask = (1UL << 47) - Page;

    private int _pages;

    /// <summary>The blocks.</summary>
    public List<HeapBlock> Blocks { get; } = [];

    /// <summary>Bytes that were not looked at, for there were too many.</summary>
    public long UnwalkedBytes { get; private set; }

    /// <summary>Looks at the beginnings of mappings, and of what follows a chunk there: where nearly all are.</summary>
    /// <returns>What of them was not explained.</returns>
    public List<(ulong From, ulong To)> FindAtStarts(IEnumerable<TargetMapping> mappings)
    {
        var rest = new List<(ulong, ulong)>();
        foreach (var mapping in mappings)
        {
            var at = mapping.Start;
            while (at < mapping.End && nextPage(at, mapping.End) == at && FindAt(at, mapping.End) is > 0 and var behind)
            {
                at = behind;
            }
            if (at < mapping.End)
            {
                rest.Add((at, mapping.End));
            }
        }
        return rest;
    }

    /// <summary>Looks at each page of ranges, until as many chunks are found as there are.</summary>
    /// <exception cref="OperationCanceledException">Nobody wants it any more.</exception>
    public void FindWithin(IEnumerable<(ulong From, ulong To)> ranges, int expected, CancellationToken cancellation)
    {
        foreach (var (from, to) in ranges)
        {
            for (var page = nextPage(from, to); page < to; page = nextPage(page, to))
            {
                if (Blocks.Count >= expected)
                {
                    return;
                }
                if (_pages++ >= MaxPages)
                {
                    UnwalkedBytes += (long)(to - page);
                    break;
                }
                if ((_pages & 1023) == 0)
                {
                    cancellation.ThrowIfCancellationRequested();
                }
                page = FindAt(page, to) is > 0 and var behind ? behind : page + Page;
            }
        }
    }

    /// <summary>Finds the chunk that begins with a page.</summary>
    /// <returns>Where its mapping ends; 0 when there is none.</returns>
    private ulong FindAt(ulong page, ulong end)
    {
        Span<ulong> head = stackalloc ulong[2];
        if (!memory.TryRead(page, head) || head[0] != 0 || (head[1] & ~SizeMask) != Mapped || (head[1] & SizeMask) is not (>= Page and var all) || all > end - page)
        {
            return 0;
        }
        // One that is aligned to more was moved behind what it was at first, which stays written; how far is told before it.
        for (var alignment = 32UL; alignment < all; alignment *= 2)
        {
            var chunk = ((page + 16 + alignment - 1) & ~(alignment - 1)) - 16;
            var moved = chunk - page;
            if (moved > 0 && moved < all && memory.TryRead(chunk, head) && head[0] == moved && head[1] == (all - moved | Mapped))
            {
                Blocks.Add(new HeapBlock(chunk + 16, (long)(all - moved) - 16));
                return page + all;
            }
        }
        Blocks.Add(new HeapBlock(page + 16, (long)all - 16));
        return page + all;
    }
}
