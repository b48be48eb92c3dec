using System.Runtime.CompilerServices;
using WebVmMap.Core.Recordings;

namespace WebVmMap.Recording.Stacks;

/// <summary>
/// The sites of one thread's stacks, by the thread's own number of a stack, what it called and the class of sizes: looked up for every
/// allocation, so in one table with no gaps to follow that is at most half full. It grows some places at a time: the rings, which nobody
/// reads meanwhile, would run full while millions move. Not thread-safe.
/// </summary>
internal sealed class StackSites
{
    private const int FirstBits = 8;
    private const int KeyShift = 32;
    private const int MovedAtOnce = 16;

    // The key in the upper half, the site in the lower; 0 where there is none. What was set before it was made comes from the one before.
    private ulong[] _entries = new ulong[1 << FirstBits];
    private int _shift = 32 - FirstBits;
    private int _count;
    private ulong[]? _before;
    private int _moved;

    /// <summary>The site; -1 where none was set, or one that <see cref="FindBefore"/> finds.</summary>
    /// <param name="stack">Of 24 bits, as a ring tells it.</param>
    /// <param name="kind">What was called.</param>
    /// <param name="sizeClass">A <see cref="SizeClass"/>, not 0.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Find(int stack, AllocationKind kind, byte sizeClass)
    {
        var entry = At(_entries, _shift, Key(stack, kind, sizeClass));
        return entry != 0 ? (int)entry : -1;
    }

    /// <summary>The site that <see cref="Find"/> could not find because the table has grown since; it can from now on. -1 where none was set.</summary>
    public int FindBefore(int stack, AllocationKind kind, byte sizeClass)
    {
        var key = Key(stack, kind, sizeClass);
        if (_before is not { } before || At(before, _shift + 1, key) is not (> 0 and var entry))
        {
            return -1;
        }
        At(_entries, _shift, key) = entry;
        return (int)entry;
    }

    /// <summary>Sets one that is not set.</summary>
    public void Add(int stack, AllocationKind kind, byte sizeClass, int site)
    {
        if (_before is { } before)
        {
            Move(before);
        }
        if (++_count * 2 > _entries.Length)
        {
            // All of the table before has moved long since: it takes a sixteenth of its places in additions, and half of them came.
            (_before, _entries, _moved) = (_entries, new ulong[_entries.Length * 2], 0);
            _shift--;
        }
        var key = Key(stack, kind, sizeClass);
        At(_entries, _shift, key) = (ulong)key << KeyShift | (uint)site;
    }

    // Never 0: no block that was seen being made is of size class 0. A stack has 24 bits, a class six.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Key(int stack, AllocationKind kind, byte sizeClass) => (uint)stack << 8 | (uint)kind << 6 | sizeClass;

    // Where a key is, or would be.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ref ulong At(ulong[] entries, int shift, uint key)
    {
        var at = (int)(key * 0x9E3779B1 >> shift);
        while (entries[at] >> KeyShift != key && entries[at] != 0)
        {
            at = (at + 1) & (entries.Length - 1);
        }
        return ref entries[at];
    }

    private void Move(ulong[] before)
    {
        for (var last = Math.Min(_moved + MovedAtOnce, before.Length); _moved < last; _moved++)
        {
            if (before[_moved] != 0)
            {
                At(_entries, _shift, (uint)(before[_moved] >> KeyShift)) = before[_moved];
            }
        }
        if (_moved == before.Length)
        {
            _before = null;
        }
    }
}
