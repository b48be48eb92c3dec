using System.Runtime.InteropServices;
using WebVmMap.Recording.Blocks;

namespace WebVmMap.Recording.Linux.Heap;

/// <summary>
/// One reading of chunks that lie side by side: each tells its size, and the next whether it is in use. What breaks a rule of the heap ends it,
/// as does the end of what was read. Not thread-safe.
/// </summary>
internal sealed class ChunkParse
{
    /// <summary>The least a chunk may have.</summary>
    public const ulong Least = 32;

    private const ulong Flags = 7;
    private const ulong InUse = 1;
    private const ulong Mapped = 2;
    private const ulong OtherArena = 4;

    // What closes memory behind its last chunk.
    private const ulong Fence = 16;
    private const ulong MostFences = 64;

    /// <summary>How it ended.</summary>
    public enum End
    {
        /// <summary>With what was read: the next chunk needs more.</summary>
        More,

        /// <summary>Where the run ends.</summary>
        Whole,

        /// <summary>At what is no chunk.</summary>
        Broken,

        /// <summary>At what closes memory, with more of the same arena somewhere behind.</summary>
        Gap,
    }

    /// <summary>The blocks in use, by address.</summary>
    public List<HeapBlock> Blocks { get; } = [];

    /// <summary>Those of them that look like a thread's table of free chunks.</summary>
    public List<HeapBlock> Tables { get; } = [];

    /// <summary>The chunk at which it ended.</summary>
    public ulong At { get; private set; }

    /// <summary>How it ended.</summary>
    public End Ended { get; private set; }

    /// <summary>How many chunks it saw, free ones too.</summary>
    public long Chunks { get; private set; }

    /// <summary>Reads.</summary>
    /// <param name="run">What the chunks are of.</param>
    /// <param name="from">Where a chunk begins.</param>
    /// <param name="bytes">What was read from there on.</param>
    /// <param name="following">The two words at the beginning of a chunk that lies behind what was read.</param>
    /// <param name="freeMark">What the second word of a block is while its thread keeps it for itself; 0 when that is not known.</param>
    public void Read(in HeapRun run, ulong from, ReadOnlySpan<byte> bytes, Func<ulong, (ulong, ulong)?> following, ulong freeMark)
    {
        Blocks.Clear();
        Tables.Clear();
        Chunks = 0;
        var words = MemoryMarshal.Cast<byte, ulong>(bytes);
        At = from;
        while (true)
        {
            if (At >= run.Stop)
            {
                Ended = At == run.Stop ? End.Whole : End.Broken;
                return;
            }
            var at = (int)((At - from) / 8);
            if (at + 2 > words.Length)
            {
                Ended = End.More;
                return;
            }
            var head = words[at + 1];
            var size = head & ~Flags;
            if (size is 0 or Fence)
            {
                Ended = run.Stop - At <= MostFences && run.Stop == run.End ? End.Whole : size == Fence ? End.Gap : End.Broken;
                return;
            }
            if (!IsHead(head, run.End - At))
            {
                Ended = End.Broken;
                return;
            }
            var next = At + size;
            if (next > run.Stop)
            {
                // The top has grown downwards since, over what it was cut to, and perhaps new chunks were cut of it: what reaches over here is new.
                Ended = (next & 4095) == 0 || (following(next) is { } beyond && IsHead(beyond.Item2, run.End - next)) ? End.Whole : End.Broken;
                return;
            }
            var behind = at + (int)Math.Min(size / 8, int.MaxValue / 2);
            ulong previous, nextHead;
            if (behind + 2 <= words.Length)
            {
                (previous, nextHead) = (words[behind], words[behind + 1]);
            }
            else if (At != from)
            {
                Ended = End.More;
                return;
            }
            else if (next + 16 > run.End)
            {
                Ended = End.Whole;
                return;
            }
            else if (following(next) is { } read)
            {
                (previous, nextHead) = read;
            }
            else
            {
                Ended = End.Broken;
                return;
            }
            if ((nextHead & InUse) == 0)
            {
                if (previous != size)
                {
                    Ended = End.Broken;
                    return;
                }
            }
            else if (((head & OtherArena) == 0) != run.IsFirst)
            {
                Ended = End.Broken;
                return;
            }
            else if (at + 4 <= words.Length && (freeMark == 0 || words[at + 3] != freeMark))
            {
                var block = new HeapBlock(At + 16, (long)size - 8);
                Blocks.Add(block);
                if (ThreadCache.IsSize(size) && ((at + 1) * 8) + (int)size <= bytes.Length && ThreadCache.IsTable(size, bytes.Slice((at + 2) * 8, (int)size - 8)))
                {
                    Tables.Add(block);
                }
            }
            Chunks++;
            At = next;
        }
    }

    private static bool IsHead(ulong head, ulong room) =>
        (head & ~Flags) is >= Least and var size && (size & 15) == 0 && (head & Mapped) == 0 && size <= room;
}
