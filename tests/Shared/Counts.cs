using System.Globalization;

namespace WebVmMap.Testing;

/// <summary>Blocks and bytes that a function allocated, and of them freed.</summary>
internal readonly record struct Counts(long Blocks, long Bytes, long FreedBlocks, long FreedBytes)
{
    public static Counts operator +(Counts a, Counts b) =>
        new(a.Blocks + b.Blocks, a.Bytes + b.Bytes, a.FreedBlocks + b.FreedBlocks, a.FreedBytes + b.FreedBytes);

    /// <summary>What a program said of itself: "site NAME BLOCKS BYTES FREED-BLOCKS FREED-BYTES" in lines among others.</summary>
    public static SortedDictionary<string, Counts> Said(IEnumerable<string> output)
    {
        var said = new SortedDictionary<string, Counts>(StringComparer.Ordinal);
        foreach (var words in output.Select(line => line.TrimEnd('\r').Split(' ')).Where(words => words[0] == "site"))
        {
            said.Add(words[1], new Counts(Number(words[2]), Number(words[3]), Number(words[4]), Number(words[5])));
        }
        return said;
    }

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}
