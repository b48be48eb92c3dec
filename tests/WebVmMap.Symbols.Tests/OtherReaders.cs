using System.Collections.Immutable;
using System.Globalization;
using WebVmMap.Core.Recordings;

namespace WebVmMap.Symbols.Tests;

/// <summary>What other readers of the same files say: addr2line of binutils and llvm-symbolizer, with names demangled by binutils.</summary>
internal static class OtherReaders
{
    /// <summary>
    /// Asks addr2line. Of its version 2.40 it is known that it finds neither inlined functions by .debug_rnglists with indices (clang, DWARF 5) nor
    /// anything in 64-bit DWARF, and that it calls an inlined function without a linkage name by the name of the function around.
    /// </summary>
    public static List<ImmutableArray<CodeLine>> Binutils(string file, IReadOnlyList<ulong> offsets) =>
        Find("addr2line", ["-a", "-f", "-i", "-e", file], offsets);

    /// <summary>Asks llvm-symbolizer.</summary>
    public static List<ImmutableArray<CodeLine>> Llvm(string file, IReadOnlyList<ulong> offsets) =>
        Find("llvm-symbolizer", ["-a", "--functions=linkage", "--inlines", "--no-demangle", "--output-style=GNU", "--obj=" + file], offsets);

    private static List<ImmutableArray<CodeLine>> Find(string program, string[] arguments, IReadOnlyList<ulong> offsets)
    {
        var printed = Tool.Run("c++filt", ["-i"], Tool.Run(program, arguments, offsets.Select(offset => offset.ToString("x", CultureInfo.InvariantCulture).Insert(0, "0x"))));
        var answers = new List<ImmutableArray<CodeLine>>();
        var lines = ImmutableArray.CreateBuilder<CodeLine>();
        for (var i = 0; i < printed.Count;)
        {
            i++; // the address again
            while (i < printed.Count && !IsAddress(printed[i]))
            {
                lines.Add(Parse(printed[i], printed[i + 1]));
                i += 2;
            }
            answers.Add(lines.DrainToImmutable());
        }
        Assert.Equal(offsets.Count, answers.Count);
        return answers;
    }

    private static bool IsAddress(string line) => line.StartsWith("0x", StringComparison.Ordinal) && !line.Contains(':', StringComparison.Ordinal);

    private static CodeLine Parse(string function, string place)
    {
        var discriminator = place.IndexOf(" (discriminator", StringComparison.Ordinal);
        place = discriminator < 0 ? place : place[..discriminator];
        var colon = place.LastIndexOf(':');
        var line = int.TryParse(place.AsSpan(colon + 1), CultureInfo.InvariantCulture, out var number) ? number : 0;
        var file = place[..colon];
        return new CodeLine(function == "??" ? "" : function, file == "??" || line == 0 ? "" : file, line);
    }
}
