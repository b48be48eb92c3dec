using System.Globalization;
using System.Text.RegularExpressions;
using WebVmMap.Core.Diffs;
using WebVmMap.Core.Export;
using WebVmMap.Core.Regions;

namespace WebVmMap.Core.Tests.Diffs;

public sealed class DiffCsvTests
{
    private const Protection Open = Protection.Read | Protection.Write;

    [Fact]
    public void Write_NamesThatAreFormulas_AreTexts()
    {
        const string Formula = "=HYPERLINK(\"http://x\")";
        var diff = SnapshotDiff.Between(
            new MadeSnapshot().Take(), new MadeSnapshot().Add(0x10_0000, RegionCategory.MappedFile, Formula, (1, Open)).Take(), sameHost: true);
        var text = Written(diff, label: "@SUM(1)");
        Assert.Contains("\"'=HYPERLINK(\"\"http://x\"\")\"", text, StringComparison.Ordinal);
        Assert.Contains("\"'@SUM(1)\"", text, StringComparison.Ordinal);
        Assert.DoesNotContain($"\"{Formula[..2]}", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_Diff_HasAsManyCellsAsColumnsAndPlainNumbers()
    {
        var diff = SnapshotDiff.Between(
            new MadeSnapshot().Add(0x10_0000, RegionCategory.Heap, "a", (9, Open)).Add(0x50_0000, RegionCategory.Heap, "b", (9, Open)).Take(),
            new MadeSnapshot().Add(0x10_0000, RegionCategory.Heap, "a", (2, Open)).Add(0x90_0000, RegionCategory.Stack, "c", (9, Open)).Take(),
            sameHost: true);
        var culture = CultureInfo.CurrentCulture;
        var foreign = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        foreign.NumberFormat.NegativeSign = "minus";
        string[] lines;
        try
        {
            CultureInfo.CurrentCulture = foreign;
            lines = Written(diff, "").Split("\r\n");
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
        }
        var head = Array.FindIndex(lines, line => line.StartsWith("\"Change\"", StringComparison.Ordinal));
        var columns = Cells(lines[head]);
        var rows = lines[(head + 1)..^1].Select(Cells).ToList();
        Assert.Equal(["\"Shrunk\"", "\"Removed\"", "\"Added\""], rows.Select(row => row[0]));
        Assert.All(rows, row => Assert.Equal(columns.Length, row.Length));
        var delta = Array.IndexOf(columns, "\"Size delta\"");
        Assert.Equal(["-28672", "-36864", "36864"], rows.Select(row => row[delta]));
        Assert.Equal(["\"\"", "\"0x900000\""], rows[2][2..4]);
    }

    private static string Written(SnapshotDiff diff, string label)
    {
        using var writer = new StringWriter(CultureInfo.InvariantCulture);
        DiffCsv.Write(writer, diff, new SnapshotOrigin("a", "here", label), new SnapshotOrigin("b", "here", label), new DiffQuery { Order = DiffOrder.Place }.Regions(diff));
        return writer.ToString();
    }

    // Texts are quoted and may hold commas; none here holds a quote.
    private static string[] Cells(string line) => [.. Regex.Matches(line, """(?<=^|,)("[^"]*"|[^,"]*)(?=,|$)""").Select(cell => cell.Value)];
}
