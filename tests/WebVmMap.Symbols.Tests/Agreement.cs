using System.Collections.Immutable;
using System.Globalization;
using WebVmMap.Core.Recordings;

namespace WebVmMap.Symbols.Tests;

/// <summary>In how many of many places two readers agree, and where not.</summary>
internal sealed class Agreement
{
    private readonly List<string> _differences = [];

    public int Places { get; private set; }

    /// <summary>Places with the same innermost function.</summary>
    public int Functions { get; private set; }

    /// <summary>Places with the same file and line.</summary>
    public int Lines { get; private set; }

    /// <summary>Places with the same functions, files and lines, inlined ones and all.</summary>
    public int Whole { get; private set; }

    /// <summary>Places where all is as addr2line of binutils has it.</summary>
    public int AsBinutils { get; private set; }

    /// <summary>Places where all is as llvm-symbolizer has it.</summary>
    public int AsLlvm { get; private set; }

    /// <summary>Places with inlined functions.</summary>
    public int Inlined { get; private set; }

    /// <summary>Compares with two independent readers, of which one may be wrong: a place counts where the answer is that of either.</summary>
    public static Agreement Of(ModuleSymbols symbols, string file, int places)
    {
        var offsets = CodeOffsets.Of(file, places);
        var binutils = OtherReaders.Binutils(file, offsets);
        var llvm = OtherReaders.Llvm(file, offsets);
        var agreement = new Agreement();
        for (var i = 0; i < offsets.Count; i++)
        {
            agreement.Add(offsets[i], binutils[i], llvm[i], symbols.Find(offsets[i]));
        }
        return agreement;
    }

    /// <summary>Fails when they agree in fewer than so many of a hundred places.</summary>
    public void AssertAtLeast(double percent)
    {
        var least = Math.Min(Math.Min(Functions, Lines), Whole) * 100.0 / Places;
        Assert.True(least >= percent, ToString());
    }

    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Places} places, {Inlined} with inlined functions: functions {100.0 * Functions / Places:f2} %, lines {100.0 * Lines / Places:f2} %, all {100.0 * Whole / Places:f2} % (binutils {100.0 * AsBinutils / Places:f2} %, llvm {100.0 * AsLlvm / Places:f2} %)\n")
        + string.Join('\n', _differences.Take(40));

    private void Add(ulong offset, ImmutableArray<CodeLine> binutils, ImmutableArray<CodeLine> llvm, ImmutableArray<CodeLine> found)
    {
        var first = found.Length > 0 ? found[0] : new CodeLine("", "", 0);
        var (asBinutils, asLlvm) = (Same(found, binutils), Same(found, llvm));
        Places++;
        Functions += Closed(first.Function) == Closed(binutils[0].Function) || Closed(first.Function) == Closed(llvm[0].Function) ? 1 : 0;
        Lines += Same(first, binutils[0]) || Same(first, llvm[0]) ? 1 : 0;
        Inlined += found.Length > 1 ? 1 : 0;
        AsBinutils += asBinutils ? 1 : 0;
        AsLlvm += asLlvm ? 1 : 0;
        if (asBinutils || asLlvm)
        {
            Whole++;
        }
        else if (_differences.Count < 1000)
        {
            _differences.Add($"{offset:x}\n  binutils {string.Join("\n           ", binutils)}\n  llvm     {string.Join("\n           ", llvm)}\n  found    {string.Join("\n           ", found)}");
        }
    }

    private static bool Same(CodeLine found, CodeLine expected) => found.Line == expected.Line && found.File == expected.File;

    private static bool Same(ImmutableArray<CodeLine> found, ImmutableArray<CodeLine> expected)
    {
        if (found.Length != expected.Length)
        {
            return found.Length == 0 && expected.Length == 1 && expected[0] == new CodeLine("", "", 0);
        }
        for (var i = 0; i < found.Length; i++)
        {
            if (!Same(found[i], expected[i]) || Closed(found[i].Function) != Closed(expected[i].Function))
            {
                return false;
            }
        }
        return true;
    }

    /// <summary>binutils mostly, but not behind an empty pack, puts a space between two closing brackets.</summary>
    private static string Closed(string name) => name.Replace("> >", ">>", StringComparison.Ordinal).Replace("> >", ">>", StringComparison.Ordinal);
}
