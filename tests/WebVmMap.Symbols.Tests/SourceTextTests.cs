namespace WebVmMap.Symbols.Tests;

public sealed class SourceTextTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(1, 1, 101)]
    [InlineData(150, 50, 250)]
    [InlineData(300, 200, 300)]
    [InlineData(9999, 200, 300)]
    public void Read_ALine_IsWhatLiesAroundIt(int line, int first, int last)
    {
        var file = Write("shop.c", string.Concat(Enumerable.Range(1, 300).Select(number => $"line {number}\r\n")));
        var text = SourceText.Read(file, line, "");
        Assert.Equal((first, 300), (text.FirstLine, text.TotalLines));
        Assert.Equal(Enumerable.Range(first, last - first + 1).Select(number => $"line {number}"), text.Lines);
    }

    [Fact]
    public void Read_AVeryLongLine_IsCut()
    {
        var file = Write("long.c", new string('x', 100_000) + "\nshort");
        Assert.Equal([new string('x', SourceText.MaximumColumns) + "\u2026", "short"], SourceText.Read(file, 1, "").Lines);
    }

    [Fact]
    public void Read_LinesOfEverySystem_AreThoseThatCompilersCount()
    {
        var file = Write("old.c", "one\r\ntwo\f\nthree\rfour\u0085\u2028four too");
        Assert.Equal(["one", "two\f", "three", "four\u0085\u2028four too"], SourceText.Read(file, 1, "").Lines);
    }

    [Fact]
    public void Read_FileChangedAfterItsModule_SaysSo()
    {
        var (file, module) = (Write("new.c", "int main;"), Write("shop", "ELF"));
        File.SetLastWriteTimeUtc(module, new DateTime(2026, 1, 2, 0, 0, 0, DateTimeKind.Utc));
        File.SetLastWriteTimeUtc(file, new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc));
        Assert.False(SourceText.Read(file, 1, module).IsNewer);
        File.SetLastWriteTimeUtc(file, new DateTime(2026, 1, 3, 0, 0, 0, DateTimeKind.Utc));
        Assert.True(SourceText.Read(file, 1, module).IsNewer);
        Assert.False(SourceText.Read(file, 1, module + ".gone").IsNewer);
    }

    [Fact]
    public void Read_NotThere_IsNotFound()
    {
        Assert.Equal(SourceFailure.NotFound, Refusal(Path.Combine(_folder.Root, "gone.c")).Failure);
        Assert.Equal(SourceFailure.NotFound, Refusal("shop.c").Failure);
    }

    [Fact]
    public void Read_WhatIsNoPlainTextFile_IsRefused()
    {
        var file = Write("real.c", "secret");
        File.CreateSymbolicLink(Path.Combine(_folder.Root, "link.c"), file);
        foreach (var path in (string[])[Path.Combine(_folder.Root, "link.c"), _folder.Root, "/dev/zero", "/proc/self/maps", Write("binary.c", "a\0b"), Write("empty.c", ""), Write("big.c", new string('\n', SourceText.MaximumBytes + 1))])
        {
            Assert.Equal(SourceFailure.Refused, Refusal(path).Failure);
        }
    }

    [Fact]
    public void Read_AsRootWhatOnlyItsOwnerMaySee_IsRefused()
    {
        if (!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess)
        {
            Assert.Skip("Not as root: the system itself decides.");
            return;
        }
        var file = Write("private.c", "secret");
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.GroupRead);
        Assert.Contains("not readable for everybody", Refusal(file).Message, StringComparison.Ordinal);
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.OtherRead);
        Assert.Equal(["secret"], SourceText.Read(file, 1, "").Lines);
    }

    private static SourceException Refusal(string path) => Assert.Throws<SourceException>(() => SourceText.Read(path, 1, ""));

    private string Write(string name, string text)
    {
        var path = Path.Combine(_folder.Root, name);
        File.WriteAllText(path, text);
        return path;
    }
}
