using System.Globalization;
using System.IO.Compression;
using System.Text;
using WebVmMap.Core.Formats;
using WebVmMap.Core.Tests.Malformed;

namespace WebVmMap.Core.Tests.Fuzz;

/// <summary>Files made to take memory, time or the process down.</summary>
internal static class HostileFiles
{
    private const int Mebibyte = 1024 * 1024;
    private const string CsvTable = "\"Address\",\"Type\",\"Size\"\n";

    public static readonly Dictionary<string, Func<byte[]>> All = new()
    {
        ["billion laughs"] = () => Text(BillionLaughs()),
        ["external entity"] = () => Text("<?xml version=\"1.0\"?><!DOCTYPE r [<!ENTITY x SYSTEM \"file:///etc/passwd\">]><root><Snapshot><Region Address=\"4096\" Size=\"4096\" UseType=\"0\" Details=\"&x;\"/></Snapshot></root>"),
        ["deep XML"] = () => Text(string.Concat(Enumerable.Repeat("<Region>", 200_000))),
        ["deep XML in a snapshot"] = () => Text("<root><Snapshot>" + string.Concat(Enumerable.Repeat("<Region Address=\"4096\" Size=\"4096\" UseType=\"0\">", 50_000))),
        ["long attribute"] = () => Text($"<root><Snapshot><Region Address=\"{new string('1', 8 * Mebibyte)}\"/></Snapshot></root>"),
        ["long detail"] = () => Text($"<root><Snapshot><Region Address=\"4096\" Size=\"4096\" UseType=\"0\" Details=\"{new string('x', 8 * Mebibyte)}\"/></Snapshot></root>"),
        ["many attributes"] = () => Text($"<root {string.Concat(Enumerable.Range(0, 50_000).Select(i => $"a{i}=\"\" "))}/>"),
        ["many snapshots"] = () => Text($"<root>{string.Concat(Enumerable.Repeat("<Snapshot><Region Address=\"4096\" Size=\"4096\" UseType=\"0\"/></Snapshot>", 5_000))}</root>"),
        ["deep JSON"] = () => Text(new string('[', 4 * Mebibyte)),
        ["deep JSON objects"] = () => Text(string.Concat(Enumerable.Repeat("{\"a\":", 500_000))),
        ["long JSON name"] = () => Text($"{{\"{new string('a', 8 * Mebibyte)}\":1}}"),
        ["long JSON number"] = () => Text($"{{\"regions\":[{{\"size\":{new string('9', 8 * Mebibyte)}}}]}}"),
        ["JSON surrogates"] = () => Text("{\"regions\":[{\"details\":\"\\ud800\\ud800\"}]}"),
        ["many JSON notes"] = () => Text($"{{\"notes\":[{string.Join(',', Enumerable.Repeat("{\"text\":\"x\"}", 20_000))}]}}"),
        ["endless line"] = () => Text(CsvTable + new string('a', 16 * Mebibyte)),
        ["endless fields"] = () => Text(CsvTable + new string(',', 16 * Mebibyte)),
        ["endless quote"] = () => Text("\"" + new string('\n', 16 * Mebibyte)),
        ["endless blank lines"] = () => Text(CsvTable + new string('\n', 16 * Mebibyte)),
        ["endless head"] = () => Text(string.Concat(Enumerable.Range(0, 200_000).Select(i => $"k{i},v\n"))),
        ["zeros"] = () => new byte[16 * Mebibyte],
        ["CSV and zeros"] = () => [.. Text(CsvTable), .. new byte[16 * Mebibyte]],
        ["half characters"] = () => [.. Encoding.Unicode.GetPreamble(), .. Enumerable.Repeat(new byte[] { 0x22, 0x00, 0x00, 0xd8 }, Mebibyte).SelectMany(b => b)],
        ["many overlapping rows"] = () => Text(CsvTable + string.Concat(Enumerable.Range(0, 100_000).Select(i => string.Create(CultureInfo.InvariantCulture, $"{i:x}000,Heap,{4 * (100_000 - i)}\n")))),
        ["many nested rows"] = () => Text(CsvTable + string.Concat(Enumerable.Repeat("1000,Heap,4\n", 200_000))),
        ["count of 2^63"] = () => Bytes(new RawSnapshot() with { Regions = new RawBytes().Varint(1UL << 63).ToArray() }),
        ["regions claimed"] = () => Bytes(new RawSnapshot() with { Regions = new RawBytes().Varint(4_000_000).ToArray() }),
        ["a region of every byte"] = () => Packed((new RawSnapshot() with
        {
            Regions = new RawBytes().Varint(900_000).Add(0).Varint(899_999).Add([.. Enumerable.Repeat((byte)1, 900_000)]).ToArray(),
        }).Body()),
        ["Brotli bomb"] = () => Bomb(FormatLimits.MaxBodyBytes, 200 * Mebibyte),
        ["Brotli bomb with its true length"] = () => Bomb(200 * Mebibyte, 200 * Mebibyte),
    };

    private static byte[] Text(string text) => Encoding.UTF8.GetBytes(text);

    private static byte[] Bytes(RawSnapshot snapshot) => snapshot.ToBytes();

    private static string BillionLaughs()
    {
        var text = new StringBuilder("<?xml version=\"1.0\"?><!DOCTYPE lolz [<!ENTITY lol0 \"lol\">");
        for (var i = 1; i < 10; i++)
        {
            text.Append(CultureInfo.InvariantCulture, $"<!ENTITY lol{i} \"{string.Concat(Enumerable.Repeat($"&lol{i - 1};", 10))}\">");
        }
        return text.Append("]><root>&lol9;</root>").ToString();
    }

    private static byte[] Packed(byte[] body)
    {
        using var compressed = new MemoryStream();
        using (var brotli = new BrotliStream(compressed, CompressionLevel.Optimal, leaveOpen: true))
        {
            brotli.Write(body);
        }
        return [.. RawSnapshot.Head(1, 1, body.Length), .. compressed.ToArray()];
    }

    private static byte[] Bomb(int stated, int real)
    {
        using var compressed = new MemoryStream();
        using (var brotli = new BrotliStream(compressed, CompressionLevel.Optimal, leaveOpen: true))
        {
            var chunk = new byte[Mebibyte];
            for (var written = 0; written < real; written += chunk.Length)
            {
                brotli.Write(chunk);
            }
        }
        return [.. RawSnapshot.Head(1, 1, stated), .. compressed.ToArray()];
    }
}
