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
    private const int KeyShift = 32;

    // The key in the upper half, the site in the lower; 0 where there is none.
    private ulong[] _entries = new ulong[1 << FirstBits];
    private int _shift = 32 - FirstBits;
    private int _count;

    /// <summary>The site; -1 where none was set.</summary>
    /// <param name="stack">Of 24 bits, as a ring tells it.</param>
    /// <param name="kind">What was called.</param>
    /// <param name="sizeClass">A <see cref="SizeClass"/>, not 0.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Find(int stack, AllocationKind kind, byte sizeClass)
    {
        var entry = At(_entries, Key(stack, kind, sizeClass));
        return entry != 0 ? (int)entry : -1;
    }

    /// <summary>Sets one that is not set.</summary>
    public void Add(int stack, AllocationKind kind, byte sizeClass, int site)
    {
        if (++_count * 2 > _entries.Length)
        {
            Grow();
        }
        var key = Key(stack, kind, sizeClass);
        At(_entries, key) = (ulong)key << KeyShift | (uint)site;
    }

    // Never 0: no block that was seen being made is of size class 0. A stack has 24 bits, a class six.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Key(int stack, AllocationKind kind, byte sizeClass) => (uint)stack << 8 | (uint)kind << 6 | sizeClass;

    // Where a key is, or would be.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ref ulong At(ulong[] entries, uint key)
    {
        var at = (int)(key * 0x9E3779B1 >> _shift);
        while (entries[at] >> KeyShift != key && entries[at] != 0)
        {
            at = (at + 1) & (entries.Length - 1);
        }
        return ref entries[at];
    }

    private void Grow()
    {
        var (old, wider) = (_entries, new ulong[_entries.Length * 2]);
        _shift--;
        foreach (var entry in old)
        {
            if (entry != 0)
            {
                At(wider, (uint)(entry >> KeyShift)) = entry;
            }
        }
        _entries = wider;
    }
}
