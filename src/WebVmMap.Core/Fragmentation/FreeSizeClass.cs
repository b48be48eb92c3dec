namespace WebVmMap.Core.Fragmentation;

/// <summary>The free blocks of one class of sizes.</summary>
/// <param name="From">The smallest size of the class, in bytes.</param>
/// <param name="To">The first size beyond it, in bytes; <see cref="long.MaxValue"/> for the last class.</param>
/// <param name="Blocks">How many there are.</param>
/// <param name="Bytes">Their sum.</param>
public sealed record FreeSizeClass(long From, long To, int Blocks, long Bytes)
{
    // A granule of Windows, what a heap segment or an arena takes, a large buffer, a managed heap, and beyond.
    private static readonly long[] s_bounds = [0, 64L << 10, 1L << 20, 16L << 20, 256L << 20, 4L << 30, long.MaxValue];

    internal static FreeSizeClass[] Empty() => [.. Enumerable.Range(0, s_bounds.Length - 1).Select(i => new FreeSizeClass(s_bounds[i], s_bounds[i + 1], 0, 0))];

    internal static void Count(FreeSizeClass[] classes, long size)
    {
        var at = 0;
        while (size >= classes[at].To)
        {
            at++;
        }
        classes[at] = classes[at] with { Blocks = classes[at].Blocks + 1, Bytes = classes[at].Bytes + size };
    }
}
