namespace WebVmMap.Recording.Tests;

/// <summary>Blocks and bytes allocated, and of them freed.</summary>
internal readonly record struct Counts(long Blocks, long Bytes, long FreedBlocks, long FreedBytes)
{
    public static Counts operator +(Counts a, Counts b) =>
        new(a.Blocks + b.Blocks, a.Bytes + b.Bytes, a.FreedBlocks + b.FreedBlocks, a.FreedBytes + b.FreedBytes);
}
