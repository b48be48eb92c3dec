using System.Runtime.InteropServices;

namespace WebVmMap.Recording.Blocks;

/// <summary>A live block as it is kept: 32 bytes, two to a cache line.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct BlockEntry
{
    /// <summary>0 where there is none.</summary>
    public ulong Address;
    public long Size;
    public int Site;
    public int Born;
    public int Thread;

    /// <summary>
    /// Of a heap block its order among the allocations of its address, and in the top 12 bits in which pass over the rings it was read.
    /// Of the pieces that a mapping was cut into, a number that they have in common; 0 for one that is whole.
    /// </summary>
    public int Mark;
}
