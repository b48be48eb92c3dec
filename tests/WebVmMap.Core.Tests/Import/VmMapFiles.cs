using System.Globalization;
using System.Text;

namespace WebVmMap.Core.Tests.Import;

/// <summary>
/// Files as VMMap writes them, composed here after the forms that real ones were seen to have (docs/formats.md). A 32-bit process of
/// an image, a heap, a stack, a mapped file and a managed heap whose generations end within pages.
/// </summary>
internal static class VmMapFiles
{
    // Address, type, KB: size, committed, private, private WS, shareable WS, shared WS; blocks, protection, details.
    private static readonly (string Address, string Type, int[] Kb, string Blocks, string Protection, string Details)[] s_rows =
    [
        ("00110000", "Shareable", [64, 64, 0, 0, 4, 4], "1", "Read/Write", ""),
        ("  00110000", "Shareable", [64, 64, 0, 0, 4, 4], "", "Read/Write", ""),
        ("00120000", "Heap (Private Data)", [108, 40, 40, 40, 0, 0], "2", "Read/Write", "Heap ID: 1 [LOW FRAGMENTATION]"),
        ("  00120000", "Heap (Private Data)", [40, 40, 40, 40, 0, 0], "", "Read/Write", "Heap ID: 1 [LOW FRAGMENTATION]"),
        ("  0012A000", "Heap (Private Data)", [68, 0, 0, 0, 0, 0], "", "Reserved", "Heap ID: 1 [LOW FRAGMENTATION]"),
        ("00160000", "Thread Stack", [1024, 108, 108, 28, 0, 0], "3", "Read/Write/Guard", "Thread ID: 4711"),
        ("  00160000", "Thread Stack", [916, 0, 0, 0, 0, 0], "", "Reserved", ""),
        ("  00245000", "Thread Stack", [12, 12, 12, 0, 0, 0], "", "Read/Write/Guard", ""),
        ("  00248000", "Thread Stack", [96, 96, 96, 28, 0, 0], "", "Read/Write", ""),
        ("00300000", "Image (ASLR)", [1688, 1688, 24, 8, 68, 64], "4", "Execute/Read", @"C:\Program Files\Größe\app.exe"),
        ("  00300000", "Image (ASLR)", [4, 4, 0, 0, 4, 4], "", "Read", "Header"),
        ("  00301000", "Image (ASLR)", [1376, 1376, 0, 0, 52, 52], "", "Execute/Read", ".text"),
        ("  00459000", "Image (ASLR)", [8, 8, 24, 8, 0, 0], "", "Copy on write", ".data"),
        ("  0045B000", "Image (ASLR)", [300, 300, 0, 0, 12, 8], "", "Execute/Copy on Write", ".rsrc"),
        ("00840000", "Mapped File", [772, 772, 0, 0, 16, 16], "1", "Read", @"C:\Windows\System32\locale.nls"),
        ("  00840000", "Mapped File", [772, 772, 0, 0, 16, 16], "", "Read", ""),
        // Gen2 ends 204 bytes short of a page and the large objects begin there: VMMap cuts both to whole KB.
        ("030B0000", "Managed Heap", [32768, 23384, 23384, 3072, 0, 0], "2", "Read/Write", "GC"),
        ("  030B0000", "Managed Heap", [4, 4, 4, 4, 0, 0], "", "Read/Write", ""),
        ("  030B1000", "Managed Heap", [16379, 16379, 16379, 2464, 0, 0], "", "Read/Write", "Gen2"),
        ("  040AFF34", "Managed Heap", [7000, 7000, 7000, 604, 0, 0], "", "Read/Write", "Large Object Heap"),
        ("  04786000", "Managed Heap", [9384, 0, 0, 0, 0, 0], "", "Reserved", ""),
    ];

    /// <summary>Size and committed in KB by category, as VMMap's summary has them.</summary>
    public static readonly (string Type, int Size, int Committed)[] Summary =
    [
        ("Image", 1688, 1688), ("Mapped File", 772, 772), ("Shareable", 64, 64), ("Heap", 108, 40), ("Managed Heap", 32768, 23384),
        ("Stack", 1024, 108), ("Private Data", 0, 0), ("Page Table", 632, 632),
    ];

    // What is left of 4 GiB less the last 64 KiB: the heap ends 20 KiB short of a granule, the image 40, the mapped file 60.
    public const int UnusableKb = 20 + 40 + 60;
    public const int FreeKb = 4 * 1024 * 1024 - 64 - UnusableKb - (1688 + 772 + 64 + 108 + 32768 + 1024);

    public static string Csv(char separator = ',', string thousands = ",", string lineEnd = "\r\r\n", bool reversed = false)
    {
        var text = new StringBuilder();
        Line(text, separator, lineEnd, "Process:", "app.exe");
        Line(text, separator, lineEnd, "PID:", "29892");
        text.Append(lineEnd);
        Line(text, separator, lineEnd, "Type", "Size", "Committed", "Private", "Total WS", "Private WS", "Shareable WS", "Shared WS", "Locked WS", "Blocks", "Largest");
        Line(text, separator, lineEnd, "Total", Kb(36980, thousands), Kb(26612, thousands), "", "", "", "", "", "", "20", "");
        foreach (var (type, size, committed) in Summary)
        {
            Line(text, separator, lineEnd, type, Kb(size, thousands), Kb(committed, thousands), "", "", "", "", "", "", "1", "");
        }
        Line(text, separator, lineEnd, "Unusable", Kb(UnusableKb, thousands), "", "", "", "", "", "", "", "", "60");
        Line(text, separator, lineEnd, "Free", Kb(FreeKb, thousands), "", "", "", "", "", "", "", "5", Kb(2_083_712, thousands));
        text.Append(lineEnd);
        Line(
            text, separator, lineEnd,
            "Address", "Type", "Size", "Committed", "Private", "Total WS", "Private WS", "Shareable WS", "Shared WS", "Locked WS", "Blocks", "Protection", "Details");
        foreach (var (address, type, kb, blocks, protection, details) in reversed ? s_rows.Reverse() : s_rows)
        {
            Line(
                text, separator, lineEnd, address, type, Kb(kb[0], thousands), Kb(kb[1], thousands), Kb(kb[2], thousands), Kb(kb[3] + kb[4], thousands),
                Kb(kb[3], thousands), Kb(kb[4], thousands), Kb(kb[5], thousands), "", blocks, protection, details);
        }
        return text.ToString();
    }

    /// <summary>The same process as <c>.mmp</c>, a snapshot for each time.</summary>
    public static string Mmp(bool nested, params ReadOnlySpan<long> times)
    {
        var text = new StringBuilder("<?xml version=\"1.0\"?>\r\n<root>\r\n<Snapshots>\r\n");
        foreach (var time in times)
        {
            text.Append(CultureInfo.InvariantCulture, $"<Snapshot Timestamp=\"{time}\" PageTableSize=\"{632 * 1024}\" >\r\n<MemoryRegions>\r\n");
            for (var i = 0; i < s_rows.Length; i++)
            {
                var (address, type, kb, blocks, protection, details) = s_rows[i];
                var isAllocation = address[0] != ' ';
                var bytes = Array.ConvertAll(kb, k => k * 1024L);
                text.Append(CultureInfo.InvariantCulture, $"<Region Address=\"{Convert.ToUInt64(address.Trim(), 16)}\" Blocks=\"{(blocks.Length > 0 ? blocks : "0")}\" ");
                text.Append(CultureInfo.InvariantCulture, $"ShareableWS=\"{bytes[4]}\" SharedWS=\"{bytes[5]}\" Size=\"{bytes[0]}\" Commit=\"{bytes[1]}\" ");
                text.Append(CultureInfo.InvariantCulture, $"PrivateBytes=\"{bytes[2]}\" PrivateWS=\"{bytes[3]}\" Id=\"0\" Protection=\"{Constant(protection)}\" ");
                text.Append(CultureInfo.InvariantCulture, $"Storage=\"0\" UseType=\"{UseType(type)}\" Type=\"{type}\" Details=\"{details}\"");
                text.Append(isAllocation && nested ? ">\r\n" : "/>\r\n");
                var isLastOfAllocation = i + 1 == s_rows.Length || s_rows[i + 1].Address[0] != ' ';
                text.Append(isLastOfAllocation && nested ? "</Region>\r\n" : "");
            }
            text.Append("</MemoryRegions>\r\n<Future><Element/></Future>\r\n</Snapshot>\r\n");
        }
        return text.Append("</Snapshots>\r\n</root>\r\n").ToString();
    }

    private static int UseType(string type) => type switch
    {
        "Heap (Private Data)" => 0,
        "Thread Stack" => 1,
        "Image (ASLR)" => 2,
        "Mapped File" => 3,
        "Shareable" => 5,
        "Managed Heap" => 8,
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, null),
    };

    private static int Constant(string protection) => protection switch
    {
        "Read" => 0x02,
        "Read/Write" => 0x04,
        "Copy on write" => 0x08,
        "Execute/Read" => 0x20,
        "Execute/Copy on Write" => 0x80,
        "Read/Write/Guard" => 0x104,
        "Reserved" => 0,
        _ => throw new ArgumentOutOfRangeException(nameof(protection), protection, null),
    };

    private static string Kb(int kb, string thousands) => kb == 0
        ? ""
        : kb.ToString("#,0", CultureInfo.InvariantCulture).Replace(",", thousands, StringComparison.Ordinal);

    // VMMap ends the first lines of its tables with a separator; readers of it depend on no count of fields.
    private static void Line(StringBuilder text, char separator, string lineEnd, params ReadOnlySpan<string> fields)
    {
        text.Append('"').AppendJoin($"\"{separator}\"", fields.ToArray()).Append('"');
        text.Append(fields[0] is "Type" or "Address" ? separator.ToString() : "").Append(lineEnd);
    }
}
