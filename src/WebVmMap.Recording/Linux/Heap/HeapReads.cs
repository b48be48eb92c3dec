using System.Runtime.InteropServices;

namespace WebVmMap.Recording.Linux.Heap;

/// <summary>Reads of words out of a heap.</summary>
internal static class HeapReads
{
    /// <summary>Reads words; false when not all of them are there.</summary>
    public static bool TryRead(this IHeapMemory memory, ulong address, Span<ulong> words)
    {
        var bytes = MemoryMarshal.AsBytes(words);
        return memory.Read(address, bytes) == bytes.Length;
    }

    /// <summary>Reads a word; false when it is not there.</summary>
    public static bool TryRead(this IHeapMemory memory, ulong address, out ulong word)
    {
        word = 0;
        return memory.TryRead(address, new Span<ulong>(ref word));
    }
}
