using System.Runtime.CompilerServices;
using WebVmMap.Core.Recordings;

namespace WebVmMap.Recording.Stacks;

/// <summary>
/// The sites of one thread's stacks, by the thread's own number of a stack, what it called and the class of sizes: looked up for every
/// allocation, so in one table with no gaps to follow that is at most half full. Not thread-safe.
/// </summary>
internal sealed class StackSites
{
    private const int FirstBits = 8;

    private Entry[] _entries = new Entry[1 << FirstBits];
    private int _shift = 64 - FirstBits;
    private int _count;

    /// <summary>The site; -1 where none was set.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Find(int stack, AllocationKind kind, byte sizeClass)
    {
        ref var entry = ref At(_entries, Key(stack, kind, sizeClass));
        return entry.Key != 0 ? entry.Site : -1;
    }

    /// <summary>Sets one that is not set.</summary>
    public void Add(int stack, AllocationKind kind, byte sizeClass, int site)
    {
        if (++_count * 2 > _entries.Length)
        {
            Grow();
        }
        var key = Key(stack, kind, sizeClass);
        At(_entries, key) = new Entry { Key = key, Site = site };
    }

    // Never 0: no block that was seen being made is of size class 0.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Key(int stack, AllocationKind kind, byte sizeClass) => (ulong)(uint)stack << 16 | (ulong)(byte)kind << 8 | sizeClass;

    // Where a key is, or would be.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ref Entry At(Entry[] entries, ulong key)
    {
        var at = (int)(key * 0x9E3779B97F4A7C15 >> _shift);
        while (entries[at].Key != key && entries[at].Key != 0)
        {
            at = (at + 1) & (entries.Length - 1);
        }
        return ref entries[at];
    }

    private void Grow()
    {
        var (old, wider) = (_entries, new Entry[_entries.Length * 2]);
        _shift--;
        foreach (var entry in old)
        {
            if (entry.Key != 0)
            {
                At(wider, entry.Key) = entry;
            }
        }
        _entries = wider;
    }

    private struct Entry
    {
        public ulong Key;
        public int Site;
    }
}
