using System.Globalization;
using WebVmMap.Core.Regions;
using WebVmMap.Core.Snapshots;

namespace WebVmMap.Core.Export;

/// <summary>
/// A snapshot as CSV (RFC 4180), in the three parts that VMMap's own files have: what it is of, the summary, and the details
/// with blocks indented below their allocation. Unlike VMMap's it is in bytes, with plain numbers whatever the locale.
/// Sum either the allocations or the blocks, never both.
/// </summary>
public static class SnapshotCsv
{
    internal const string LineEnd = "\r\n";

    private static readonly (string Name, RegionMetric Metric)[] s_figures =
    [
        ("Size", RegionMetric.Size),
        ("Committed", RegionMetric.Committed),
        ("Private", RegionMetric.Private),
        ("Total WS", RegionMetric.TotalWs),
        ("Private WS", RegionMetric.PrivateWs),
        ("Shareable WS", RegionMetric.ShareableWs),
        ("Shared WS", RegionMetric.SharedWs),
        ("Locked WS", RegionMetric.LockedWs),
    ];

    // What VMMap has no column for comes last, so that its readers find theirs where they expect them.
    private static readonly (string Name, RegionMetric Metric)[] s_furtherFigures =
    [
        ("Reserved", RegionMetric.Reserved),
        ("PSS", RegionMetric.Pss),
        ("Swap", RegionMetric.Swap),
    ];

    /// <summary>Every figure in the order of the columns.</summary>
    internal static IEnumerable<(string Name, RegionMetric Metric)> AllFigures => [.. s_figures, .. s_furtherFigures];

    /// <summary>Writes the whole file; give the writer UTF-8.</summary>
    public static void Write(TextWriter output, Snapshot snapshot, SnapshotOrigin origin)
    {
        WriteHead(output, snapshot, origin);
        WriteSummary(output, snapshot.Summary);
        output.Write(LineEnd);
        WriteDetails(output, snapshot);
    }

    private static void WriteHead(TextWriter output, Snapshot snapshot, SnapshotOrigin origin)
    {
        var process = snapshot.Process;
        WritePair(output, "Process", process.Name);
        WritePair(output, "PID", process.Key.Pid.ToString(CultureInfo.InvariantCulture));
        WritePair(output, "Command line", process.CommandLine);
        WritePair(output, "User", process.User);
        WritePair(output, "Architecture", process.Architecture);
        WritePair(output, "Started at", process.StartTime.UtcDateTime.ToString("O", CultureInfo.InvariantCulture));
        WritePair(output, "Start stamp", process.Key.StartStamp.ToString(CultureInfo.InvariantCulture));
        WritePair(output, "Platform", snapshot.Platform.ToString());
        WritePair(output, "Address space", string.Create(CultureInfo.InvariantCulture, $"0x{snapshot.Bounds.Lowest:x}-0x{snapshot.Bounds.End:x}"));
        WritePair(output, "Granularity", snapshot.Bounds.Granularity.ToString(CultureInfo.InvariantCulture));
        WritePair(output, "Host", origin.Host);
        WritePair(output, "Taken at", snapshot.TakenAt.UtcDateTime.ToString("O", CultureInfo.InvariantCulture));
        WritePair(output, "Label", origin.Label);
        WritePair(output, "Units", "bytes");
        foreach (var note in snapshot.Notes)
        {
            WritePair(output, "Note", note.Text);
        }
        output.Write(LineEnd);
    }

    private static void WriteSummary(TextWriter output, SnapshotSummary summary)
    {
        output.Write("\"Type\"");
        WriteNames(output, s_figures);
        output.Write(",\"Blocks\",\"Largest\"");
        WriteNames(output, s_furtherFigures);
        output.Write(LineEnd);
        foreach (var row in summary.Rows.Append(summary.Total))
        {
            WriteText(output, row.Name);
            WriteFigures(output, s_figures, row.Value);
            WriteNumber(output, row.Blocks);
            WriteNumber(output, row.Largest);
            WriteFigures(output, s_furtherFigures, row.Value);
            output.Write(LineEnd);
        }
    }

    private static void WriteDetails(TextWriter output, Snapshot snapshot)
    {
        output.Write("\"Address\",\"Type\"");
        WriteNames(output, s_figures);
        output.Write(",\"Blocks\",\"Protection\",\"Details\"");
        WriteNames(output, s_furtherFigures);
        output.Write(LineEnd);
        var allocations = snapshot.Allocations;
        var regions = snapshot.Regions;
        for (var i = 0; i < allocations.Count; i++)
        {
            var allocation = i;
            WriteRow(
                output,
                "",
                allocations.Address(i),
                allocations.Category(i),
                metric => allocations.Value(metric, allocation),
                allocations.Blocks(i),
                ProtectionText.Format(allocations.Protections[i], snapshot.Platform),
                allocations.DetailText(i));
            for (var row = allocations.FirstRegion[i]; allocations.Blocks(i) > 1 && row < allocations.FirstRegion[i + 1]; row++)
            {
                var region = row;
                WriteRow(
                    output,
                    "  ",
                    regions.Addresses[row],
                    regions.Categories[row],
                    metric => regions.Value(metric, region),
                    1,
                    ProtectionText.Format(regions.Protections[row], snapshot.Platform),
                    regions.DetailText(row));
            }
        }
    }

    private static void WriteRow(
        TextWriter output,
        string indent,
        ulong address,
        RegionCategory category,
        Func<RegionMetric, long> value,
        int blocks,
        string protection,
        string details)
    {
        output.Write(string.Create(CultureInfo.InvariantCulture, $"\"{indent}0x{address:x}\",\"{category.DisplayName()}\""));
        WriteFigures(output, s_figures, value);
        WriteNumber(output, blocks);
        output.Write(',');
        WriteText(output, protection);
        output.Write(',');
        WriteText(output, details);
        WriteFigures(output, s_furtherFigures, value);
        output.Write(LineEnd);
    }

    internal static void WritePair(TextWriter output, string name, string value)
    {
        WriteText(output, name);
        output.Write(',');
        WriteText(output, value);
        output.Write(LineEnd);
    }

    private static void WriteNames(TextWriter output, (string Name, RegionMetric Metric)[] figures)
    {
        foreach (var (name, _) in figures)
        {
            output.Write($",\"{name}\"");
        }
    }

    private static void WriteFigures(TextWriter output, (string Name, RegionMetric Metric)[] figures, Func<RegionMetric, long> value)
    {
        foreach (var (_, metric) in figures)
        {
            WriteNumber(output, value(metric));
        }
    }

    internal static void WriteNumber(TextWriter output, long value)
    {
        output.Write(',');
        Span<char> digits = stackalloc char[20];
        value.TryFormat(digits, out var length, provider: CultureInfo.InvariantCulture);
        output.Write(digits[..length]);
    }

    internal static void WriteText(TextWriter output, string text)
    {
        output.Write('"');
        if (FormulaGuard.Needs(text))
        {
            output.Write('\'');
        }
        output.Write(text.Replace("\"", "\"\"", StringComparison.Ordinal));
        output.Write('"');
    }
}
