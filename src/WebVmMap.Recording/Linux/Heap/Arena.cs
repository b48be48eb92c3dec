using System.Runtime.InteropServices;

namespace WebVmMap.Recording.Linux.Heap;

/// <summary>
/// An arena of glibc's malloc as it was at one moment, of what can be relied on while it changes: <c>malloc_state</c>, the same since 2.10
/// but for where its lists begin. https://sourceware.org/git/?p=glibc.git;a=blob;f=malloc/malloc.c
/// </summary>
internal sealed class Arena
{
    /// <summary>Lists of small free chunks, each of one size: 32 bytes the first, 16 more each next.</summary>
    public const int FastBins = 10;

    private const int Bins = 127;

    // 16 since 2.27, which put a word before it.
    private static readonly int[] s_fastBinsAt = [16, 8];

    private readonly ulong[] _words;
    private readonly int _fastBinsAt;

    private Arena(ulong address, int fastBinsAt, ulong[] words)
    {
        Address = address;
        _fastBinsAt = fastBinsAt;
        _words = words;
    }

    /// <summary>Where it lies.</summary>
    public ulong Address { get; }

    /// <summary>How far it reaches.</summary>
    public int Bytes => BytesOf(_fastBinsAt);

    /// <summary>The chunk at the end of its newest memory, of which new ones are cut; what lies above it is no block.</summary>
    public ulong Top => _words[(_fastBinsAt / 8) + FastBins];

    /// <summary>The next arena; of the last one, the first.</summary>
    public ulong Next => _words[(BinsAt(_fastBinsAt) + (Bins * 16) + 16) / 8];

    /// <summary>Whether it never had memory: its top is then one of its own lists.</summary>
    public bool IsEmpty => Top == Address + (ulong)BinsAt(_fastBinsAt) - 16;

    /// <summary>Where it is told which chunk is the first of a list; 0 stands there when the list is empty.</summary>
    public ulong FastBin(int number) => Address + (ulong)_fastBinsAt + ((ulong)number * 8);

    /// <summary>Finds the first arena, which lies in the data of the C library: nothing exports it, but each of its empty lists points to itself.</summary>
    /// <param name="address">Where the data lies.</param>
    /// <param name="data">The data.</param>
    /// <returns>Null when there is none.</returns>
    public static Arena? Find(ulong address, ReadOnlySpan<byte> data)
    {
        var words = MemoryMarshal.Cast<byte, ulong>(data);
        for (var at = 0; at < words.Length; at++)
        {
            foreach (var fastBinsAt in s_fastBinsAt)
            {
                var size = BytesOf(fastBinsAt) / 8;
                if (at + size <= words.Length && Parse(address + ((ulong)at * 8), fastBinsAt, words.Slice(at, size)) is { } arena)
                {
                    return arena;
                }
            }
        }
        return null;
    }

    /// <summary>Reads one that is laid out as this one; null when there is none.</summary>
    public Arena? Read(IHeapMemory memory, ulong address)
    {
        var words = new ulong[Bytes / 8];
        return memory.TryRead(address, words) ? Parse(address, _fastBinsAt, words) : null;
    }

    private static int BinsAt(int fastBinsAt) => fastBinsAt + (FastBins * 8) + 16;

    // Behind the lists: 16 bytes of a map, three words of pointers and counts, two of sizes; an even number of words or not.
    private static int BytesOf(int fastBinsAt) => BinsAt(fastBinsAt) + (Bins * 16) + 16 + 40;

    private static Arena? Parse(ulong address, int fastBinsAt, ReadOnlySpan<ulong> words)
    {
        var empty = 0;
        for (var bin = 0; bin < Bins; bin++)
        {
            var at = BinsAt(fastBinsAt) + (bin * 16);
            var (forward, back) = (words[at / 8], words[(at / 8) + 1]);
            var self = address + (ulong)at - 16;
            if (forward == self && back == self)
            {
                empty++;
            }
            else if (!IsPointer(forward) || !IsPointer(back))
            {
                return null;
            }
        }
        var arena = new Arena(address, fastBinsAt, words.ToArray());
        return empty > 0 && IsPointer(arena.Top) && arena.Next is not 0 && (arena.Next & 7) == 0 && arena.Next >> 47 == 0 ? arena : null;
    }

    private static bool IsPointer(ulong word) => word >= 65536 && word >> 47 == 0 && (word & 15) == 0;
}
