using System.Runtime.InteropServices;

namespace WebVmMap.Recording.Linux.Heap;

/// <summary>
/// What glibc's malloc keeps of itself beside its arenas (<c>mp_</c>): where the memory by <c>brk</c> begins, and how many chunks have a
/// mapping of their own. Nothing exports it; it is known by the values that it begins with and hardly ever changes.
/// </summary>
/// <param name="HeapStart">Where the first chunk of the first arena lies.</param>
/// <param name="MappedChunks">How many chunks have a mapping of their own.</param>
internal readonly record struct MallocParameters(ulong HeapStart, int MappedChunks)
{
    private const uint MostMappedChunks = 65536;

    // Before the address: two words, and before them four counts, of which 2.35 has put a flag and a gap around.
    private static readonly int[] s_countsBefore = [32, 36];

    /// <summary>Finds it in the data of the C library; null when there is nothing like it.</summary>
    /// <param name="data">The data.</param>
    /// <param name="heap">Where memory by <c>brk</c> begins.</param>
    /// <param name="top">Where it ends.</param>
    public static MallocParameters? Find(ReadOnlySpan<byte> data, ulong heap, ulong top)
    {
        var words = MemoryMarshal.Cast<byte, ulong>(data);
        for (var at = 5; at < words.Length; at++)
        {
            if (words[at] < heap || words[at] > top || (words[at] & 15) != 0)
            {
                continue;
            }
            foreach (var before in s_countsBefore)
            {
                var counts = MemoryMarshal.Cast<byte, uint>(data.Slice((at * 8) - before, 12));
                if (counts[1] == MostMappedChunks && counts[0] <= MostMappedChunks && counts[2] >= counts[0] && words[at - 1] >= words[at - 2])
                {
                    return new MallocParameters(words[at], (int)counts[0]);
                }
            }
        }
        return null;
    }
}
