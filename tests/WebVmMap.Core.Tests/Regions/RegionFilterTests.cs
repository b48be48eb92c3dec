using System.Text.Json;
using CsCheck;
using WebVmMap.Core.Processes;
using WebVmMap.Core.Regions;
using WebVmMap.Core.Tests.Generators;

namespace WebVmMap.Core.Tests.Regions;

public sealed class RegionFilterTests
{
    private static readonly RegionTable s_row = new FilterCase.Row(
        "0x400000", 65536, "Image", 5, "/usr/lib/libc.so.6", 65536, 0, 0, 4096, 0, 0, 0, 0).ToTable();

    [Fact]
    public void Matches_EverySharedCase_AsItSays()
    {
        var cases = JsonSerializer.Deserialize<FilterCase[]>(SharedFiles.Read("filter-cases.json"), SharedFiles.Json)!;
        Assert.True(cases.Length >= 60);
        Assert.All(cases, c => Assert.Equal(c.Matches, RegionFilter.Parse(c.Filter).Matches(c.Region.ToTable(), 0, c.Platform)));
    }

    [Theory]
    [InlineData("", true)]
    [InlineData(" \t\r\n", true)]
    [InlineData("\"\" -\"\"", true)]
    [InlineData("x", false)]
    [InlineData("-", false)]
    public void IsEmpty_Text_TellsWhetherAnythingIsAsked(string text, bool empty) => Assert.Equal(empty, RegionFilter.Parse(text).IsEmpty);

    [Fact]
    public void Matches_AnyTextNegated_IsTheOpposite() =>
        Gen.Select(TableGen.Observed, Gen.String[Gen.Char["abcxrw:<>=-,.0123456789KMiB"], 1, 12]).Sample((table, text) =>
        {
            // Another dash in front of one that already negates makes text of the rest: that is another rule.
            text = text.TrimStart('-');
            var filter = RegionFilter.Parse(text);
            var negated = RegionFilter.Parse($"-{text}");
            for (var row = 0; text.Length > 0 && row < table.Count; row++)
            {
                Assert.NotEqual(filter.Matches(table, row, HostPlatform.Linux), negated.Matches(table, row, HostPlatform.Linux));
            }
        });

    [Fact]
    public void Matches_AnyTextInQuotes_IsLookedForInTheDetail() => Gen.String[Gen.Char.AlphaNumeric, 1, 6].Sample(text =>
        Assert.Equal(
            s_row.DetailText(0).Contains(text, StringComparison.OrdinalIgnoreCase)
            || "Image".Contains(text, StringComparison.OrdinalIgnoreCase)
            || "0x400000".Contains(text, StringComparison.OrdinalIgnoreCase),
            RegionFilter.Parse($"\"{text}\"").Matches(s_row, 0, HostPlatform.Windows)));

    [Fact]
    public void Parse_AnyText_NeverFails() => Gen.String.Sample(text => { RegionFilter.Parse(text).Matches(s_row, 0, HostPlatform.Windows); });

    [Fact]
    public void Matches_ManyRows_AllocatesNothing()
    {
        var filter = RegionFilter.Parse("libc cat:image prot:rx prot:r-x >1K ws>0 addr:0x400000 -swap>0");
        filter.Matches(s_row, 0, HostPlatform.Linux);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
        {
            filter.Matches(s_row, 0, HostPlatform.Linux);
        }
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }
}
