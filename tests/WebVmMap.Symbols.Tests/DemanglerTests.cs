using WebVmMap.Symbols.Names;

namespace WebVmMap.Symbols.Tests;

public sealed class DemanglerTests
{
    /// <summary>Names longer than this say the same things again, and take binutils long.</summary>
    private const int MaxLength = 4000;

    [Fact]
    public void Names_OfTheStandardLibrary_AreThoseOfBinutils() =>
        AssertAgrees(MangledNames("-D", Tool.Run("gcc", ["-print-file-name=libstdc++.so.6"])[0]), 3000, 99.5);

    [Theory]
    [InlineData("gcc", "-g -O0")]
    [InlineData("clang", "-g -O0")]
    public void Names_OfAProgram_AreThoseOfBinutils(string compiler, string options) =>
        AssertAgrees(MangledNames("-a", SymbolsTarget.Compile(compiler, options.Split(' '))), 1000, 99.5);

    /// <summary>Real names of the compiler and its libraries, in both forms.</summary>
    [Fact]
    public void Names_OfRust_AreThoseOfBinutils() => AssertAgrees([.. File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "rust-names.txt"))], 350, 100);

    [Theory]
    [InlineData("")]
    [InlineData("main")]
    [InlineData("_Z")]
    [InlineData("_ZN")]
    [InlineData("_ZNE")]
    [InlineData("_ZS_")]
    [InlineData("_Z1fT_")]
    [InlineData("_Z999999999999f")]
    [InlineData("_R")]
    [InlineData("_RB_")]
    [InlineData("_RNvB_1a")]
    public void Name_ThatIsNotMangled_StaysAsItIs(string name) => Assert.Equal(name, Demangler.Demangle(name));

    [Theory]
    [InlineData("_Z3foov.cold", "foo() [clone .cold]")]
    [InlineData("_ZL3fooi.constprop.0.isra.0", "foo(int) [clone .constprop.0] [clone .isra.0]")]
    [InlineData("_ZN1AC1ERKS_", "A::A(A const&)")]
    [InlineData("_ZNSsC1EPKcRKSaIcE", "std::basic_string<char, std::char_traits<char>, std::allocator<char> >::basic_string(char const*, std::allocator<char> const&)")]
    [InlineData("_ZZ4mainENKUlT_E_clIiEEDaS_", "auto main::{lambda(auto:1)#1}::operator()<int>(int) const")]
    public void Name_OfEachKind_IsAsPeopleWriteIt(string name, string expected) => Assert.Equal(expected, Demangler.Demangle(name));

    [Fact]
    public void Names_CutAndMixedAtRandom_NeitherFailNorTakeLong()
    {
        var names = MangledNames("-D", Tool.Run("gcc", ["-print-file-name=libstdc++.so.6"])[0]);
        names.AddRange(File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "rust-names.txt")));
        var random = new Random(7);
        for (var i = 0; i < 100_000; i++)
        {
            var name = names[random.Next(names.Count)];
            var other = names[random.Next(names.Count)];
            var at = random.Next(name.Length);
            var mixed = random.Next(3) switch
            {
                0 => name[..at],
                1 => name[..at] + (char)random.Next(33, 127) + name[(at + 1)..],
                _ => string.Concat(name.AsSpan(0, at), other.AsSpan(random.Next(other.Length))),
            };
            Assert.InRange(Demangler.Demangle(mixed).Length, 0, 1 << 16);
        }
    }

    /// <summary>Each part names the one before twice: written out it would have two to the power of their number parts.</summary>
    [Fact]
    public void Name_ThatGrowsWithoutBound_StaysAsItIs()
    {
        var name = "_Z1fI1aIiiE" + string.Concat(Enumerable.Range(0, 30).Select(i => $"S{(i == 0 ? "" : Base36(i - 1))}_")) + "Evv";
        Assert.InRange(Demangler.Demangle(name).Length, 1, 1 << 16);
        var doubling = "_Z1f1aIiiE" + string.Concat(Enumerable.Range(1, 30).Select(i => $"S_I{Sub(i)}{Sub(i)}E"));
        Assert.InRange(Demangler.Demangle(doubling).Length, 1, 1 << 16);

        static string Sub(int i) => $"S{Base36(i - 1)}_";
        static string Base36(int i) => i < 10 ? $"{i}" : i < 36 ? $"{(char)('A' + i - 10)}" : "Z";
    }

    private static List<string> MangledNames(string which, string file) =>
        [.. Tool.Run("nm", [which, "--format=just-symbols", file])
            .Select(name => name.Split('@')[0])
            .Where(name => name.StartsWith("_Z", StringComparison.Ordinal) && name.Length < MaxLength)
            .Distinct()];

    /// <summary>binutils mostly, but not behind an empty pack, puts a space between two closing brackets.</summary>
    private static string Closed(string name) => name.Replace("> >", ">>", StringComparison.Ordinal).Replace("> >", ">>", StringComparison.Ordinal);

    private static void AssertAgrees(List<string> names, int atLeast, double percent)
    {
        Assert.True(names.Count >= atLeast, $"{names.Count} names only.");
        var expected = Tool.Run("c++filt", ["-i"], names);
        var differences = names.Zip(expected, (name, theirs) => (Name: name, Theirs: theirs, Ours: Demangler.Demangle(name))).Where(pair => Closed(pair.Theirs) != Closed(pair.Ours)).ToList();
        var agree = 100.0 * (names.Count - differences.Count) / names.Count;
        var told = $"{names.Count} names, {agree:f3} % as binutils:\n" + string.Join('\n', differences.Take(40).Select(pair => $"{pair.Name}\n  expected {pair.Theirs}\n  found    {pair.Ours}"));
        TestContext.Current.TestOutputHelper?.WriteLine(told);
        Assert.True(agree >= percent, told);
    }
}
