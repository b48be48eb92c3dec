using System.Globalization;
using System.Text;
using System.Xml;
using WebVmMap.Core.Processes;
using WebVmMap.Core.Regions;
using WebVmMap.Core.Snapshots;

namespace WebVmMap.Core.Export;

/// <summary>
/// A snapshot in the shape of VMMap's <c>.mmp</c>: XML with the elements and attributes that its readers look for, sizes and
/// addresses as decimal bytes, blocks inside their allocation. PSS, swap and locked bytes have no place in it. Whether VMMap itself
/// opens what is written here has not been tried (docs/formats.md).
/// </summary>
public static class SnapshotMmp
{
    private const int MaxDetailChars = 32_768;

    // One element a line, as readers that go by lines expect.
    private static readonly XmlWriterSettings s_settings = new()
    {
        Encoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
        Indent = true,
        IndentChars = "",
        NewLineChars = "\r\n",
        CloseOutput = false,
    };

    /// <summary>Writes the whole file, UTF-8.</summary>
    public static void Write(Stream output, Snapshot snapshot, SnapshotOrigin origin)
    {
        using var xml = XmlWriter.Create(output, s_settings);
        xml.WriteStartDocument();
        xml.WriteProcessingInstruction(MmpNames.Instruction, Instruction(snapshot, origin));
        xml.WriteStartElement("root");
        xml.WriteStartElement("Snapshots");
        xml.WriteStartElement("Snapshot");
        Number(xml, "Timestamp", Math.Max(0, snapshot.TakenAt.ToFileTime()));
        Number(xml, "PageTableSize", snapshot.Counters.PageTable ?? 0);
        xml.WriteStartElement("MemoryRegions");
        for (var allocation = 0; allocation < snapshot.Allocations.Count; allocation++)
        {
            WriteAllocation(xml, snapshot, allocation);
        }
        xml.WriteEndElement();
        xml.WriteEndElement();
        xml.WriteEndElement();
        xml.WriteEndElement();
        xml.WriteEndDocument();
    }

    private static void WriteAllocation(XmlWriter xml, Snapshot snapshot, int allocation)
    {
        var allocations = snapshot.Allocations;
        var regions = snapshot.Regions;
        var category = allocations.Category(allocation);
        xml.WriteStartElement("Region");
        WriteFigures(
            xml,
            allocations.Address(allocation),
            category == RegionCategory.Unusable ? 0 : allocations.Blocks(allocation),
            metric => allocations.Value(metric, allocation),
            allocations.Protections[allocation],
            category,
            allocations.DetailText(allocation));
        // An allocation of one block has that block inside it too; what is free has none.
        for (var row = allocations.FirstRegion[allocation]; !category.IsGap() && row < allocations.FirstRegion[allocation + 1]; row++)
        {
            var region = row;
            xml.WriteStartElement("Region");
            WriteFigures(
                xml,
                regions.Addresses[row],
                0,
                metric => regions.Value(metric, region),
                regions.Protections[row],
                category,
                regions.DetailText(row));
            xml.WriteEndElement();
        }
        xml.WriteEndElement();
    }

    private static void WriteFigures(
        XmlWriter xml, ulong address, int blocks, Func<RegionMetric, long> value, Protection protection, RegionCategory category, string detail)
    {
        xml.WriteAttributeString("Address", address.ToString(CultureInfo.InvariantCulture));
        Number(xml, "Blocks", blocks);
        Number(xml, "ShareableWS", value(RegionMetric.ShareableWs));
        Number(xml, "SharedWS", value(RegionMetric.SharedWs));
        Number(xml, "Size", value(RegionMetric.Size));
        Number(xml, "Commit", value(RegionMetric.Committed));
        Number(xml, "PrivateBytes", value(RegionMetric.Private));
        Number(xml, "PrivateWS", value(RegionMetric.PrivateWs));
        Number(xml, "Id", 0);
        Number(xml, "Protection", category.IsGap() ? 0 : WindowsProtection.ToConstant(protection));
        Number(xml, "Storage", MmpNames.Storage(category, protection));
        Number(xml, "UseType", MmpNames.UseType(category));
        xml.WriteAttributeString("Type", MmpNames.Type(category));
        xml.WriteAttributeString("Details", Valid(detail));
    }

    private static void Number(XmlWriter xml, string name, long value) =>
        xml.WriteAttributeString(name, value.ToString(CultureInfo.InvariantCulture));

    /// <summary>What a file of ours knows and VMMap's attributes do not say, as <c>name="value"</c> pairs.</summary>
    private static string Instruction(Snapshot snapshot, SnapshotOrigin origin)
    {
        var text = new StringBuilder();
        Pair(text, "platform", snapshot.Platform == HostPlatform.Windows ? "Windows" : "Linux");
        Pair(text, "host", origin.Host);
        Pair(text, "label", origin.Label);
        Pair(text, "pid", snapshot.Process.Key.Pid.ToString(CultureInfo.InvariantCulture));
        Pair(text, "name", snapshot.Process.Name);
        Pair(text, "architecture", snapshot.Process.Architecture);
        Pair(text, "lowest", snapshot.Bounds.Lowest.ToString(CultureInfo.InvariantCulture));
        Pair(text, "end", snapshot.Bounds.End.ToString(CultureInfo.InvariantCulture));
        Pair(text, "granularity", snapshot.Bounds.Granularity.ToString(CultureInfo.InvariantCulture));
        return text.ToString();
    }

    private static void Pair(StringBuilder text, string name, string value)
    {
        // The instruction ends at the first ?>, so no question mark is in it.
        var escaped = Valid(value)
            .Replace("&", "&amp;", StringComparison.Ordinal).Replace("\"", "&quot;", StringComparison.Ordinal)
            .Replace("<", "&lt;", StringComparison.Ordinal).Replace("?", "&#63;", StringComparison.Ordinal)
            .Replace("\r", "&#13;", StringComparison.Ordinal).Replace("\n", "&#10;", StringComparison.Ordinal)
            .Replace("\t", "&#9;", StringComparison.Ordinal);
        text.Append(text.Length == 0 ? "" : " ").Append(name).Append("=\"").Append(escaped).Append('"');
    }

    // XML has no place for control characters and lone surrogates, which a path may hold all the same.
    private static string Valid(string text)
    {
        var cut = text.Length > MaxDetailChars ? text[..MaxDetailChars] : text;
        var bad = cut.AsSpan().IndexOfAnyExceptInRange(' ', '\uD7FF');
        if (bad < 0)
        {
            return cut;
        }
        var valid = new StringBuilder(cut.Length);
        foreach (var rune in cut.EnumerateRunes())
        {
            // Each unit of what is no character at all comes as U+FFFD here.
            valid.Append(rune.Value is '\t' or '\n' or '\r' or >= 0x20 && rune.Value is not (0xFFFE or 0xFFFF) ? rune.ToString() : "\uFFFD");
        }
        return valid.ToString();
    }
}
