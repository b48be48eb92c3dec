using System.Runtime.InteropServices;

namespace WebVmMap.Recording.Blocks;

/// <summary>A live block as it is kept: 32 bytes, two to a cache line.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct BlockEntry
{
    /// <summary>0 where there is none.</summary>
    public ulong Address;
    private ulong _sizeAndWeight;
    public int Site;
    public int Born;
    public int Thread;

    /// <summary>
    /// Of a heap block its order among the allocations of its address, and in the top 12 bits in which pass over the rings it was read.
    /// Of the pieces that a mapping was cut into, a number that they have in common; 0 for one that is whole.
    /// </summary>
    public int Mark;

    private const int SizeBits = 47;

    /// <summary>The most that a block may have: all that a program can address.</summary>
    public const long MaxSize = (1L << SizeBits) - 1;

    /// <summary>Its bytes, from 0 to <see cref="MaxSize"/>.</summary>
    public long Size
    {
        readonly get => (long)(_sizeAndWeight & MaxSize);
        set => _sizeAndWeight = (_sizeAndWeight & ~(ulong)MaxSize) | (ulong)value;
    }

    /// <summary>How many blocks it stands for, itself included; more than 1 only when sampled.</summary>
    public readonly int Weight => (int)(_sizeAndWeight >> SizeBits) + 1;

    /// <summary>Sets both.</summary>
    public void SetSize(long size, int weight) => _sizeAndWeight = (ulong)size | ((ulong)(weight - 1) << SizeBits);
}
