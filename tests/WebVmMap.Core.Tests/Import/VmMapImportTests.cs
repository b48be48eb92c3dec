using System.Text;
using WebVmMap.Core.Import;
using WebVmMap.Core.Processes;
using WebVmMap.Core.Regions;
using WebVmMap.Core.Snapshots;

namespace WebVmMap.Core.Tests.Import;

public sealed class VmMapImportTests
{
    private const long FileTime2026 = 134_083_008_000_000_000;

    public static TheoryData<string, char, string, string> Locales => new()
    {
        { "windows-1252", ',', ",", "\r\r\n" },
        { "windows-1252", ',', "\u00A0", "\r\r\n" },
        { "windows-1252", ';', ".", "\r\n" },
        { "utf-8", ';', " ", "\n" },
        { "utf-8", '\t', "\u202F", "\r\n" },
        { "utf-8 with mark", ',', "\u2019", "\r\n" },
        { "utf-16", ',', ",", "\r\n" },
        { "utf-16BE", ';', "'", "\r" },
        { "utf-16 without mark", '\t', "", "\r\n" },
    };

    [Theory]
    [MemberData(nameof(Locales))]
    public void Csv_OfAnyLocale_IsTheSameSnapshot(string encoding, char separator, string thousands, string lineEnd)
    {
        var file = Importing.Read(Encode(VmMapFiles.Csv(separator, thousands, lineEnd), encoding));

        Assert.Equal(SnapshotFileFormat.VmMapCsv, file.Format);
        var snapshot = Assert.Single(file.Snapshots).Snapshot;
        AssertIsTheProcess(snapshot);
        Assert.Equal((29892, "app.exe"), (snapshot.Process.Key.Pid, snapshot.Process.Name));
        Assert.Equal(Importing.ReceivedAt, snapshot.TakenAt);
        // The address space follows from what the file says is free, so that Free and Unusable are VMMap's own figures.
        Assert.Equal(new AddressSpaceBounds(0, 0xFFFF_0000, 65536), snapshot.Bounds);
        Assert.Equal(VmMapFiles.FreeKb * 1024L, snapshot.Summary[RegionCategory.Free].Size);
        Assert.Equal(VmMapFiles.UnusableKb * 1024L, snapshot.Summary[RegionCategory.Unusable].Size);
        Assert.Equal(encoding == "windows-1252", snapshot.Notes.Any(note => note.Text == ImportNotes.GuessedText));
        Assert.DoesNotContain(snapshot.Notes, note => note.Text.Contains("own summary", StringComparison.Ordinal));
    }

    [Fact]
    public void Csv_SortedAsOnTheScreen_IsTheSameSnapshot() => AssertIsTheProcess(Importing.ReadOne(VmMapFiles.Csv(reversed: true)));

    [Fact]
    public void Csv_ARowIsMissing_SaysThatTheSummaryDiffers()
    {
        var lines = VmMapFiles.Csv(lineEnd: "\n").Split('\n').Where(line => !line.Contains("00110000", StringComparison.Ordinal));

        var snapshot = Importing.ReadOne(string.Join('\n', lines));

        Assert.Contains(snapshot.Notes, note => note.Text == "The file's own summary has 65536 bytes as Size of Shareable, and its rows sum to 0.");
    }

    [Fact]
    public void Csv_ABlockIsMissing_CountsItAsReservedAndSaysSo()
    {
        var lines = VmMapFiles.Csv(lineEnd: "\n").Split('\n').Where(line => !line.Contains("  00301000", StringComparison.Ordinal));

        var snapshot = Importing.ReadOne(string.Join('\n', lines));

        Assert.Equal(1688 * 1024, snapshot.Summary[RegionCategory.Image].Size);
        Assert.Equal((1688 - 1376) * 1024, snapshot.Summary[RegionCategory.Image].Committed);
        Assert.Contains(snapshot.Notes, note => note.Text.StartsWith("1409024 bytes of allocations are in no block", StringComparison.Ordinal));
    }

    /// <summary>Three blocks in two pages: none is lost, whichever page they come to lie in.</summary>
    [Fact]
    public void Csv_BlocksWithinAPage_KeepTheirSums()
    {
        const string Table = "Address,Type,Size,Committed,Private WS,Protection\n";
        const string Rows = "1000,Managed Heap,8,8,8,Read\n  1000,Managed Heap,1,1,1,Read\n  1400,Managed Heap,2,2,2,Read\n  1C00,Managed Heap,5,5,5,Read\n";

        var row = Importing.ReadOne(Table + Rows).Summary[RegionCategory.ManagedHeap];

        Assert.Equal((8192, 8192), (row.Size, row.PrivateWs));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Mmp_NestedOrFlat_IsTheSameSnapshot(bool nested)
    {
        var file = Importing.Read(Encoding.UTF8.GetBytes(VmMapFiles.Mmp(nested, FileTime2026)), @"C:\logs\outlook12.mmp");

        Assert.Equal(SnapshotFileFormat.Mmp, file.Format);
        var snapshot = Assert.Single(file.Snapshots).Snapshot;
        AssertIsTheProcess(snapshot);
        Assert.Equal(new DateTimeOffset(2025, 11, 22, 16, 0, 0, TimeSpan.Zero), snapshot.TakenAt);
        Assert.Equal("outlook12", snapshot.Process.Name);
        Assert.Contains(snapshot.Notes, note => note.Text == ImportNotes.NoProcess);
        Assert.Contains(snapshot.Notes, note => note.Text == ImportNotes.Mmp);
    }

    [Fact]
    public void Mmp_Timeline_GivesEverySnapshot()
    {
        var file = Importing.Read(VmMapFiles.Mmp(nested: true, FileTime2026, FileTime2026 + TimeSpan.TicksPerSecond, 0));

        Assert.Equal([0, 1], file.Snapshots.Take(2).Select(s => (s.Snapshot.TakenAt - new DateTimeOffset(2025, 11, 22, 16, 0, 0, TimeSpan.Zero)).TotalSeconds));
        Assert.Equal(3, file.Snapshots.Length);
        Assert.Equal(Importing.ReceivedAt, file.Snapshots[2].Snapshot.TakenAt);
        Assert.Contains(file.Snapshots[2].Snapshot.Notes, note => note.Text == ImportNotes.NoTime);
        Assert.All(file.Snapshots, imported => AssertIsTheProcess(imported.Snapshot));
    }

    [Theory]
    [InlineData("utf-16")]
    [InlineData("utf-16BE")]
    [InlineData("utf-8 with mark")]
    [InlineData("windows-1252")]
    public void Mmp_OfAnyEncoding_IsTheSameSnapshot(string encoding) =>
        AssertIsTheProcess(Assert.Single(Importing.Read(Encode(VmMapFiles.Mmp(nested: true, FileTime2026), encoding)).Snapshots).Snapshot);

    [Theory]
    [InlineData("1024", 1, 1024)]
    [InlineData("1,024", 1024, 1024 * 1024)]
    [InlineData("12,34,567", 1, 1234567)]
    [InlineData("1.234.567", 1, 1234567)]
    [InlineData("1\u00A0024 KB", 1, 1024 * 1024)]
    [InlineData("716 bytes", 1024, 716)]
    [InlineData("4 K", 1, 4096)]
    [InlineData("", 1024, 0)]
    [InlineData("1152921504606846976", 1, 1L << 60)]
    public void CsvFigure_OfAnyLocale_IsRead(string text, long unit, long expected)
    {
        Assert.True(CsvFigure.TryParse(text, unit, out var bytes));
        Assert.Equal(expected, bytes);
    }

    [Theory]
    [InlineData("1.5")]
    [InlineData("1,0245")]
    [InlineData(",024")]
    [InlineData("1,,024")]
    [InlineData("-4")]
    [InlineData("0x10")]
    [InlineData("bytes4")]
    [InlineData("1152921504606846977")]
    [InlineData("99999999999999999999999999")]
    public void CsvFigure_NoWholeNumberOrTooLarge_IsRefused(string text) => Assert.False(CsvFigure.TryParse(text, 1, out _));

    private static void AssertIsTheProcess(Snapshot snapshot)
    {
        Assert.Equal(HostPlatform.Windows, snapshot.Platform);
        foreach (var (type, size, committed) in VmMapFiles.Summary)
        {
            var row = snapshot.Summary.Rows.Single(row => row.Name == type);
            Assert.Equal((type, size * 1024L, committed * 1024L), (type, row.Size, row.Committed));
        }
        Assert.Equal((8 * 1024, 68 * 1024, 64 * 1024), Ws(snapshot.Summary[RegionCategory.Image]));
        Assert.Equal(24 * 1024, snapshot.Summary[RegionCategory.Image].Private);
        Assert.Equal((3072 * 1024, 0, 0), Ws(snapshot.Summary[RegionCategory.ManagedHeap]));
        Assert.Equal(
            [
                @"C:\Program Files\Größe\app.exe", @"C:\Program Files\Größe\app.exe [.text]", @"C:\Program Files\Größe\app.exe [.data]",
                @"C:\Program Files\Größe\app.exe [.rsrc]",
            ],
            Details(snapshot, RegionCategory.Image));
        Assert.Equal(["Thread ID: 4711", "Thread ID: 4711", "Thread ID: 4711"], Details(snapshot, RegionCategory.Stack));
        Assert.Equal(["GC", "GC [Gen2]", "GC [Large Object Heap]", "GC"], Details(snapshot, RegionCategory.ManagedHeap));
        Assert.Equal(Protection.Read | Protection.Write | Protection.Guard, At(snapshot, 0x245000).Protection);
        Assert.Equal(Protection.Read | Protection.CopyOnWrite, At(snapshot, 0x459000).Protection);
        Assert.Equal(Protection.Reserved, At(snapshot, 0x12A000).Protection);
        Assert.Equal((0x40AF000UL, 0x6D7000L, 0x6D7000L, 604 * 1024L), Sized(At(snapshot, 0x40AFF34)));
        Assert.Equal((0x30B1000UL, 0xFFE000L, 0xFFE000L, 2464 * 1024L), Sized(At(snapshot, 0x30B1000)));
        Assert.Contains(snapshot.Notes, note => note.Text.StartsWith("2 blocks begin or end within a page", StringComparison.Ordinal));
        Assert.Equal(6, snapshot.Allocations.Regions.Categories.ToArray().Distinct().Count(category => !category.IsGap()));
    }

    private static (ulong Address, long Size, long Committed, long PrivateWs) Sized(Region region) => (region.Address, region.Size, region.Committed, region.PrivateWs);

    private static (long Private, long Shareable, long Shared) Ws(SummaryRow row) => (row.PrivateWs, row.ShareableWs, row.SharedWs);

    private static Region At(Snapshot snapshot, ulong address) => snapshot.Regions[snapshot.Regions.Find(address)];

    private static string[] Details(Snapshot snapshot, RegionCategory category) =>
        [.. Enumerable.Range(0, snapshot.Regions.Count).Where(row => snapshot.Regions.Categories[row] == category).Select(snapshot.Regions.DetailText)];

    private static byte[] Encode(string text, string encoding) => encoding switch
    {
        "utf-8" => Encoding.UTF8.GetBytes(text),
        "utf-8 with mark" => [.. Encoding.UTF8.GetPreamble(), .. Encoding.UTF8.GetBytes(text)],
        "utf-16" => [.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes(text)],
        "utf-16BE" => [.. Encoding.BigEndianUnicode.GetPreamble(), .. Encoding.BigEndianUnicode.GetBytes(text)],
        "utf-16 without mark" => Encoding.Unicode.GetBytes(text),
        _ => CodePagesEncodingProvider.Instance.GetEncoding(1252)!.GetBytes(text),
    };
}
