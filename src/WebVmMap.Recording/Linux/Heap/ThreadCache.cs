using System.Runtime.InteropServices;

namespace WebVmMap.Recording.Linux.Heap;

/// <summary>
/// What a thread keeps of small free chunks for itself (<c>tcache_perthread_struct</c>, since glibc 2.26). They look as if they were in use.
/// Since 2.34 each holds a number in its second word that the process drew by lot, and the block's owner never sees: that tells them.
/// Before, they are told by the lists of the tables, which are blocks of a size that no version shares with another one's.
/// </summary>
internal static class ThreadCache
{
    private const int SmallLists = 64;

    /// <summary>The chunk of a table as it was until 2.29.</summary>
    private const ulong Oldest = 0x250;

    /// <summary>The one from 2.30 to 2.41.</summary>
    private const ulong Usual = 0x290;

    /// <summary>The one since 2.42, with lists of large chunks too.</summary>
    private const ulong Newest = 0x300;

    /// <summary>Bytes of a chunk that might be a table.</summary>
    public static bool IsSize(ulong chunk) => chunk is Oldest or Usual or Newest;

    /// <summary>Whether chunks that are kept by a table of such a chunk may hold the number that tells them; from 2.30 to 2.33 it is the table's own address.</summary>
    public static bool HasMark(ulong chunk) => chunk != Oldest;

    /// <summary>Where the lists begin in a table, and how many there are.</summary>
    public static (int At, int Count) Lists(ulong chunk) => chunk switch
    {
        Oldest => (64, SmallLists),
        Usual => (128, SmallLists),
        _ => (152, 76),
    };

    /// <summary>The size of a list's chunks; 0 where they are of several sizes.</summary>
    public static ulong ChunkOf(int list) => list < SmallLists ? 32 + ((ulong)list * 16) : 0;

    /// <summary>Whether what lies in a block of that size is a table that has some chunk.</summary>
    public static bool IsTable(ulong chunk, ReadOnlySpan<byte> block)
    {
        var (at, count) = Lists(chunk);
        var heads = MemoryMarshal.Cast<byte, ulong>(block.Slice(at, count * 8));
        var any = false;
        for (var list = 0; list < count; list++)
        {
            var head = heads[list];
            if (head != 0 && ((head & 15) != 0 || head >> 47 != 0 || head < 65536))
            {
                return false;
            }
            var counted = chunk switch
            {
                Oldest => block[list] != 0,
                Usual => (block[list * 2] | block[(list * 2) + 1]) != 0,
                _ => head != 0,
            };
            if (counted != (head != 0))
            {
                return false;
            }
            any |= head != 0;
        }
        return any;
    }
}
