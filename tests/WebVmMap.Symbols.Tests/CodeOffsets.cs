using System.Globalization;

namespace WebVmMap.Symbols.Tests;

/// <summary>Places in a file's functions, told by nm.</summary>
internal static class CodeOffsets
{
    /// <summary>About so many places, evenly spread over all functions.</summary>
    public static List<ulong> Of(string file, int count)
    {
        var functions = new SortedDictionary<ulong, ulong>();
        foreach (var line in Tool.Run("nm", ["-S", "--defined-only", file]))
        {
            // 0000000000001139 000000000000000b T main
            var words = line.Split(' ', 4);
            if (words.Length == 4 && words[2] is "t" or "T" or "w" or "W")
            {
                functions[ulong.Parse(words[0], NumberStyles.HexNumber, CultureInfo.InvariantCulture)] = ulong.Parse(words[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
            }
        }
        var bytes = functions.Values.Sum(size => (decimal)size);
        var step = (ulong)Math.Max(1, bytes / count);
        var offsets = new List<ulong>();
        foreach (var (start, size) in functions)
        {
            for (ulong at = 0; at < size; at += step)
            {
                offsets.Add(start + at);
            }
        }
        return offsets;
    }
}
