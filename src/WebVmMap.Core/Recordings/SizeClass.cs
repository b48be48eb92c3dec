using System.Numerics;
using System.Runtime.CompilerServices;

namespace WebVmMap.Core.Recordings;

/// <summary>
/// Classes of block sizes, each twice the one before: class 4 has the blocks of up to 16 bytes, class 5 those of 17 to 32, and so on.
/// 0 stands for blocks of which that is not known. Thread-safe.
/// </summary>
public static class SizeClass
{
    /// <summary>The class of the smallest blocks.</summary>
    public const byte Smallest = 4;

    /// <summary>The class of the largest.</summary>
    public const byte Largest = 63;

    /// <summary>The class of a size in bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static byte Of(long size) => size <= 1 << Smallest ? Smallest : (byte)(BitOperations.Log2((ulong)size - 1) + 1);

    /// <summary>The largest size of a class, in bytes.</summary>
    public static long UpTo(byte sizeClass) => sizeClass >= Largest ? long.MaxValue : 1L << sizeClass;

    /// <summary>The smallest size of a class.</summary>
    public static long From(byte sizeClass) => sizeClass <= Smallest ? 0 : (1L << (sizeClass - 1)) + 1;
}
