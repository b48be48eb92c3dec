using System.Globalization;

namespace WebVmMap.Symbols.Tests;

public sealed class DebugFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly string _whole = SymbolsTarget.Compile("gcc", "-g", "-O2");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("/app/program.debug")]
    [InlineData("/app/.debug/program.debug")]
    [InlineData("/usr/lib/debug/app/program.debug")]
    public void Stripped_LinkedDebugFile_GivesWhatTheWholeGives(string debugFile)
    {
        KeepDebug(debugFile);
        Strip("--remove-section=.note.gnu.build-id", "--add-gnu-debuglink=" + _folder.At(debugFile));
        using var symbols = ModuleSymbols.Open("/app/program", _folder.Root);
        Assert.Equal($"found in {debugFile} (DWARF 5)", symbols.State);
        Assert.Equal("", symbols.BuildId);
        AssertAsWhole(symbols);
    }

    [Fact]
    public void Stripped_DebugFileByBuildId_GivesWhatTheWholeGives()
    {
        var id = BuildId();
        var debugFile = $"/usr/lib/debug/.build-id/{id[..2]}/{id[2..]}.debug";
        KeepDebug(debugFile);
        Strip();
        using var symbols = ModuleSymbols.Open("/app/program", _folder.Root + "/");
        Assert.Equal($"found in {debugFile} (DWARF 5)", symbols.State);
        Assert.Equal(id, symbols.BuildId);
        AssertAsWhole(symbols);
    }

    [Fact]
    public void Stripped_DebugFileOfAnotherBuild_IsNotUsed()
    {
        var other = SymbolsTarget.Compile("gcc", "-g", "-O0");
        Tool.Run("objcopy", ["--only-keep-debug", _whole, _folder.At("/app/program.debug")]);
        Strip("--add-gnu-debuglink=" + _folder.At("/app/program.debug"));
        var id = BuildId();
        var byId = $"/usr/lib/debug/.build-id/{id[..2]}/{id[2..]}.debug";
        Tool.Run("objcopy", ["--only-keep-debug", other, _folder.At("/app/program.debug")]);
        Tool.Run("objcopy", ["--only-keep-debug", other, _folder.At(byId)]);
        using var symbols = ModuleSymbols.Open("/app/program", _folder.Root);
        Assert.Equal(
            $"stripped: only exported names; no debug file, looked for {byId}, /app/program.debug, /app/.debug/program.debug, /usr/lib/debug/app/program.debug",
            symbols.State);
        var offsets = CodeOffsets.Of(_whole, 500);
        Assert.All(offsets, offset => Assert.All(symbols.Find(offset), line => Assert.Equal(0, line.Line)));
    }

    [Fact]
    public void Stripped_OfLinesOnly_StillNamesFunctions()
    {
        Tool.Run("objcopy", ["--strip-debug", _whole, _folder.At("/app/program")]);
        using var symbols = ModuleSymbols.Open("/app/program", _folder.Root);
        Assert.StartsWith("functions without lines, from the symbol table of /app/program; no debug file, looked for /usr/lib/debug/.build-id/", symbols.State, StringComparison.Ordinal);
        var main = Address("main");
        Assert.Equal("main", Assert.Single(symbols.Find(main)).Function);
    }

    [Fact]
    public void DebugInfo_CompressedWithZstd_IsToldAndFunctionsStay()
    {
        Tool.Run("objcopy", ["--compress-debug-sections=zstd", _whole, _folder.At("/app/program")]);
        using var symbols = ModuleSymbols.Open("/app/program", _folder.Root);
        Assert.StartsWith("functions without lines, from the symbol table of /app/program; its debug information is not read: .debug_info is compressed with zstd", symbols.State, StringComparison.Ordinal);
        Assert.Equal("main", Assert.Single(symbols.Find(Address("main"))).Function);
    }

    [Theory]
    [InlineData("/app/missing", "/app/missing cannot be read as a 64-bit ELF file")]
    [InlineData("/app", "/app cannot be read as a 64-bit ELF file")]
    [InlineData("[vdso]", "no file: code of the system or made in memory")]
    [InlineData("", "no file: code of the system or made in memory")]
    public void Module_ThatIsNone_HasAStateAndNoNames(string path, string state)
    {
        _folder.At("/app/x");
        using var symbols = ModuleSymbols.Open(path, _folder.Root);
        Assert.Equal(state, symbols.State);
        Assert.Empty(symbols.Find(0x1000));
    }

    [Fact]
    public void DebugFile_ThatIsAPipe_HoldsNobodyUp()
    {
        var id = BuildId();
        Tool.Run("mkfifo", [_folder.At($"/usr/lib/debug/.build-id/{id[..2]}/{id[2..]}.debug")]);
        Strip();
        using var symbols = ModuleSymbols.Open("/app/program", _folder.Root);
        Assert.StartsWith("stripped: only exported names", symbols.State, StringComparison.Ordinal);
    }

    [Fact]
    public void File_CutWhileOpen_GivesFewerNames()
    {
        File.Copy(_whole, _folder.At("/app/program"));
        using var symbols = ModuleSymbols.Open("/app/program", _folder.Root);
        using (var file = File.OpenWrite(_folder.At("/app/program")))
        {
            file.SetLength(4096);
        }
        Assert.All(CodeOffsets.Of(_whole, 200), offset => Assert.All(symbols.Find(offset), line => Assert.Equal("", line.File)));
    }

    private string BuildId() => Tool.Run("readelf", ["-nW", _whole]).Select(line => line.Split("Build ID: ")).First(parts => parts.Length == 2)[1].Trim();

    private ulong Address(string function) => ulong.Parse(
        Tool.Run("nm", [_whole]).First(line => line.EndsWith(" T " + function, StringComparison.Ordinal)).AsSpan(0, 16), NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    private void KeepDebug(string path) => Tool.Run("objcopy", ["--only-keep-debug", _whole, _folder.At(path)]);

    private void Strip(params string[] options) => Tool.Run("objcopy", ["--strip-all", .. options, _whole, _folder.At("/app/program")]);

    private void AssertAsWhole(ModuleSymbols symbols)
    {
        using var whole = ModuleSymbols.Open(_whole);
        var offsets = CodeOffsets.Of(_whole, 2000);
        Assert.All(offsets, offset => Assert.Equal(whole.Find(offset), symbols.Find(offset)));
        Assert.True(offsets.Count(offset => symbols.Find(offset).Length > 1) > 500);
    }
}
