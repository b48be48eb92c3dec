using System.Text;
using WebVmMap.Core.Import;

namespace WebVmMap.Core.Tests.Import;

/// <summary>What cannot be read gives one sentence on the file, on what is wrong, and on what to do.</summary>
public sealed class ImportErrorTests
{
    private const string CsvTable = "\"Address\",\"Type\",\"Size\",\"Committed\",\"Protection\"\n";

    public static TheoryData<string, string> Wrong => new()
    {
        { "", "It is empty" },
        { "   \r\n", "It is empty" },
        { "hello", "no table of regions" },
        { "MZ\u0090\0\u0003", "none of .wvm" },
        { "PK\u0003\u0004zip", "an archive" },
        { "WVMS", "ends within the version" },
        { "[1, 2]", "document is not an object" },
        { "{\"a\":1}", "not a snapshot" },
        { "{\"a\":", "no valid JSON (line 1)" },
        { "{\"process\":{\"pid\":1},\"platform\":\"Linux\"}", "summary without its regions" },
        { "{\"process\":{\"pid\":-1}}", "pid is not a whole number" },
        { "{\"process\":{\"pid\":2147483648}}", "pid is not the id of a process" },
        { "{\"process\":{\"name\":\"\\ud800\"}}", "no valid Unicode" },
        { "{\"platform\":\"OS/2\"}", "platform is not Linux or Windows" },
        { "{\"takenAt\":\"1969-12-31T23:59:59Z\"}", "from 1970 on" },
        { "{\"cost\":{\"elapsedMs\":-1}}", "elapsedMs is not a number of milliseconds" },
        { "{\"bounds\":{\"lowest\":\"0x1000\",\"end\":\"0x0\",\"granularity\":4096}}", "No address space" },
        { "{\"regions\":[{\"address\":\"0x1000\",\"size\":4096,\"category\":\"Heap\"},{\"address\":\"0x1000\",\"size\":4096,\"category\":\"Heap\"}]}", "begins before the end" },
        { "{\"regions\":[{\"address\":\"0x1001\",\"size\":4096,\"category\":\"Heap\"}]}", "whole pages" },
        { "{\"regions\":[{\"address\":4096,\"size\":4096,\"category\":\"Heap\"}]}", "address is not a text" },
        { "{\"regions\":[{\"address\":\"0x1000\",\"size\":4096,\"category\":\"Soup\"}]}", "category is not" },
        { "{\"regions\":[{\"address\":\"0x1000\",\"size\":4096,\"category\":\"Heap\",\"protection\":\"rwyp\"}]}", "protection is not" },
        { "{\"regions\":[{\"address\":\"0x1000\",\"size\":9223372036854775808,\"category\":\"Heap\"}]}", "size is not a whole number" },
        { "<root><Snapshots/></root>", "no element Snapshot" },
        { "<root><Snapshot/></root>", "None of its snapshots holds a region" },
        { "<root><Snapshot></root>", "no valid XML (line 1)" },
        { "<!DOCTYPE r [<!ENTITY a \"aaaa\">]><root>&a;</root>", "declares a document type" },
        { "<root><Snapshot><Region Size=\"4096\" UseType=\"0\"/></Snapshot></root>", "no Address" },
        { "<root><Snapshot><Region Address=\"x\" Size=\"4096\" UseType=\"0\"/></Snapshot></root>", "'x' stands where an address belongs" },
        { "<root><Snapshot><Region Address=\"4096\" Size=\"-1\" UseType=\"0\"/></Snapshot></root>", "Size is '-1'" },
        { "<root><Snapshot><Region Address=\"4096\" Size=\"0\" UseType=\"0\"/></Snapshot></root>", "0 bytes, which no region can have" },
        { "<root><Snapshot><Region Address=\"18446744073709551615\" Size=\"4096\" UseType=\"0\"/></Snapshot></root>", "which no region can have" },
        { "<root><Snapshot><Region Address=\"4096\" Size=\"4096\" UseType=\"0\"/><Region Address=\"4096\" Size=\"8192\" UseType=\"0\"/><Region Address=\"8192\" Size=\"8192\" UseType=\"0\"/></Snapshot></root>", "reaches beyond the allocation" },
        { CsvTable, "table of regions is empty" },
        { CsvTable + "zz,Heap,4,4,Read\n", "'zz' where an address belongs" },
        { CsvTable + "1000,Heap,4.5,4,Read\n", "line 2 has '4.5'" },
        { CsvTable + "1000,Heap,4,4,Reed\n", "protection 'Reed'" },
        { CsvTable + "1000,Heap,16,4,Read\n  1000,Heap,8,4,Read\n  2000,Heap,12,4,Read\n", "overlap" },
        { CsvTable + "1000,Heap,1152921504606846976 bytes,0,Read\nFFFFFFFFFFFFF000,Heap,4,0,Read\n", "which no region can have" },
        { CsvTable + "1000,Heap,4,1152921504606846976 bytes,Read\n2000,Heap,4,1152921504606846976 bytes,Read\n3000,Heap,4,4,Read\n", "larger than any process can have" },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void Read_NoSnapshot_SaysWhatIsWrong(string text, string expected)
    {
        var error = Importing.Error(Encoding.Latin1.GetBytes(text));

        Assert.StartsWith("'file.bin' cannot be read as a snapshot. ", error, StringComparison.Ordinal);
        Assert.Contains(expected, error, StringComparison.Ordinal);
        Assert.EndsWith(" Take the file again from where it was exported.", error, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', error);
    }

    [Fact]
    public void Read_FileNameOfADirectoryWithControls_ShowsItsLastPartOnly()
    {
        var error = Assert.Throws<ImportException>(() => SnapshotImport.Read("x"u8.ToArray(), "C:\\a/b\\evil\u001b[2J\n.csv", Importing.ReceivedAt, cancellation: TestContext.Current.CancellationToken)).Message;

        Assert.StartsWith("'evil\uFFFD[2J\uFFFD.csv' cannot", error, StringComparison.Ordinal);
    }

    /// <summary>Each limit in a pair: what is at it is read, one more is refused.</summary>
    [Fact]
    public void Read_AtItsLimits_IsReadAndOneBeyondRefused()
    {
        var csv = Encoding.ASCII.GetBytes(CsvTable + "1000,Heap,4,4,Read\n2000,Heap,4,4,Read\n");
        const string OneSnapshot = "<Snapshot><Region Address=\"4096\" Size=\"4096\" UseType=\"0\"/></Snapshot>";
        var mmp = Encoding.ASCII.GetBytes($"<root>{OneSnapshot}{OneSnapshot}</root>");
        var json = "{\"a\":[[[1]]]}"u8.ToArray();

        AssertPair(csv, limits => limits with { MaxBytes = csv.Length }, limits => limits with { MaxBytes = csv.Length - 1 }, "is larger than");
        AssertPair(csv, limits => limits with { MaxRows = 2 }, limits => limits with { MaxRows = 1 }, "more than 1 rows");
        AssertPair(csv, limits => limits with { MaxLineChars = 34 }, limits => limits with { MaxLineChars = 33 }, "longer than 33");
        AssertPair(mmp, limits => limits with { MaxSnapshots = 2 }, limits => limits with { MaxSnapshots = 1 }, "more than 1 snapshots");
        AssertPair(mmp, limits => limits with { MaxDepth = 2 }, limits => limits with { MaxDepth = 1 }, "deeper than 1");
        Assert.Contains("not a snapshot", Refused(json, ImportLimits.Default with { MaxDepth = 4 }), StringComparison.Ordinal);
        Assert.Contains("no valid JSON", Refused(json, ImportLimits.Default with { MaxDepth = 3 }), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_Cancelled_Ends()
    {
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        var csv = new StringBuilder(CsvTable);
        for (var i = 1; i <= 5000; i++)
        {
            csv.Append(System.Globalization.CultureInfo.InvariantCulture, $"{i * 4096:x},Heap,4,4,Read\n");
        }

        Assert.Throws<OperationCanceledException>(() => SnapshotImport.Read(
            Encoding.ASCII.GetBytes(csv.ToString()), "big.csv", Importing.ReceivedAt, cancellation: cancelled.Token));
    }

    private static void AssertPair(byte[] data, Func<ImportLimits, ImportLimits> enough, Func<ImportLimits, ImportLimits> tooFew, string expected)
    {
        SnapshotImport.Read(data, "file", Importing.ReceivedAt, enough(ImportLimits.Default), TestContext.Current.CancellationToken);
        Assert.Contains(expected, Refused(data, tooFew(ImportLimits.Default)), StringComparison.Ordinal);
    }

    private static string Refused(byte[] data, ImportLimits limits) =>
        Assert.Throws<ImportException>(() => SnapshotImport.Read(data, "file", Importing.ReceivedAt, limits, TestContext.Current.CancellationToken)).Message;
}
