namespace WebVmMap.Symbols.Tests;

public sealed class AgreementTests
{
    private const int Places = 8000;

    [Theory]
    [InlineData("gcc", "-g -O2", 5)]
    [InlineData("gcc", "-g -O0", 5)]
    [InlineData("gcc", "-g -O2 -gdwarf-4", 4)]
    [InlineData("gcc", "-g -O2 -gdwarf-3 -gstrict-dwarf", 3)]
    [InlineData("gcc", "-g -O2 -gz", 5)]
    [InlineData("gcc", "-g -O2 -flto", 5)]
    [InlineData("gcc", "-g -O2 -no-pie -ffunction-sections -Wl,--gc-sections", 5)]
    [InlineData("clang", "-g -O2", 5)]
    [InlineData("clang", "-g -O2 -gdwarf-4", 4)]
    public void Program_CompiledInSomeWay_IsReadAsOthersReadIt(string compiler, string options, int version)
    {
        var file = SymbolsTarget.Compile(compiler, options.Split(' '));
        using var symbols = ModuleSymbols.Open(file);
        Assert.Equal($"found in {file} (DWARF {version})", symbols.State);
        var agreement = Agreement.Of(symbols, file, Places);
        TestContext.Current.TestOutputHelper?.WriteLine(agreement.ToString());
        agreement.AssertAtLeast(99);
    }

    /// <summary>addr2line does not read this form, but what is said in it of the same code is the same.</summary>
    [Fact]
    public void Program_In64BitDwarf_IsReadAsIn32Bit()
    {
        var usual = SymbolsTarget.Compile("gcc", "-g", "-O2");
        using var expected = ModuleSymbols.Open(usual);
        using var found = ModuleSymbols.Open(SymbolsTarget.Compile("gcc", "-g", "-O2", "-gdwarf64"));
        Assert.All(CodeOffsets.Of(usual, Places), offset => Assert.Equal(expected.Find(offset), found.Find(offset)));
    }
}
