using System.Diagnostics;
using System.Globalization;

namespace WebVmMap.Symbols.Tests;

public sealed class PerfMapTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Lines_AsTheyGrow_AreFound()
    {
        var path = _folder.At("/tmp/perf-7.map");
        File.WriteAllText(path, "1000 10 first\n1010 20 void second(int) [Tier0]\n10");
        using var map = PerfMap.TryOpen(7, _folder.Root);
        Assert.NotNull(map);
        Assert.Equal("first", map.Find(0x100f));
        Assert.Equal("void second(int) [Tier0]", map.Find(0x1010));
        Assert.Equal("", map.Find(0x1030));
        Assert.Equal("", map.Find(0xfff));

        // The half line becomes a whole one; memory of code is used again.
        File.AppendAllText(path, "30 8 third\n0x2000 0x10 fourth\n1000 10 again\n");
        Assert.Equal("third", map.Find(0x1037));
        Assert.Equal("fourth", map.Find(0x2000));
        Assert.Equal("again", map.Find(0x1000));
        Assert.Equal(5, map.Count);
    }

    [Fact]
    public void Lines_ThatAreNone_ArePassedOver()
    {
        File.WriteAllText(_folder.At("/tmp/perf-7.map"), $"\n\0\0\0\n1000\n1000 10\nffffffffffffffff 10 over\nzz 10 no\n1000 0 empty\n1000 -1 no\n{new string('x', 300_000)}\n1000 10 good\n");
        using var map = PerfMap.TryOpen(7, _folder.Root);
        Assert.Equal("good", map!.Find(0x1004));
        Assert.Equal(1, map.Count);
    }

    [Fact]
    public void Map_ThatIsNotThere_IsNull() => Assert.Null(PerfMap.TryOpen(7, _folder.Root));

    [Fact]
    public void Map_OfARuntime_NamesItsMethods()
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!, ["-?"]) { RedirectStandardOutput = true };
        start.Environment["DOTNET_PerfMapEnabled"] = "1";
        using var process = Process.Start(start)!;
        process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        var path = string.Create(CultureInfo.InvariantCulture, $"/tmp/perf-{process.Id}.map");
        var lines = File.ReadAllLines(path).Select(line => line.Split(' ', 3))
            // Threads that write at once now and then break each other's line.
            .Where(words => words.Length == 3 && words.Take(2).All(word => word.Replace("0x", "", StringComparison.Ordinal).All(char.IsAsciiHexDigit))).ToList();
        using var map = PerfMap.TryOpen(process.Id);
        File.Delete(path);
        Assert.True(lines.Count > 300, $"{lines.Count} lines only.");
        // Of code that was compiled anew at the same place the last counts.
        var names = lines.GroupBy(words => words[0]).Where(group => group.Count() == 1).Select(group => group.Single()).ToList();
        Assert.All(names, words => Assert.Equal(words[2].TrimEnd(), map!.Find(ulong.Parse(words[0].Replace("0x", "", StringComparison.Ordinal), NumberStyles.HexNumber, CultureInfo.InvariantCulture)).TrimEnd()));
    }
}
