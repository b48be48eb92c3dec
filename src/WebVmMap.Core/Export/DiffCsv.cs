using System.Globalization;
using WebVmMap.Core.Diffs;
using WebVmMap.Core.Processes;
using WebVmMap.Core.Regions;

namespace WebVmMap.Core.Export;

/// <summary>
/// A diff as CSV (RFC 4180), in the three parts of <see cref="SnapshotCsv"/>: what it is of, the summary, and the regions that changed; each
/// figure before, after and their difference. In bytes, with plain numbers whatever the locale.
/// </summary>
public static class DiffCsv
{
    private static readonly (string Name, RegionMetric Metric)[] s_figures = [.. SnapshotCsv.AllFigures];

    /// <summary>Writes the whole file; give the writer UTF-8.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="diff">What to write.</param>
    /// <param name="before">Where the older snapshot comes from.</param>
    /// <param name="after">Where the newer snapshot comes from.</param>
    /// <param name="rows">Rows of <see cref="SnapshotDiff.Regions"/>, in the order wanted.</param>
    public static void Write(TextWriter output, SnapshotDiff diff, SnapshotOrigin before, SnapshotOrigin after, IReadOnlyList<int> rows)
    {
        WriteSide(output, "before", diff.Before, before);
        WriteSide(output, "after", diff.After, after);
        SnapshotCsv.WritePair(output, "Matched by", diff.Matching == DiffMatching.Address ? "address" : "identity");
        SnapshotCsv.WritePair(output, "Units", "bytes");
        output.Write(SnapshotCsv.LineEnd);
        WriteSummary(output, diff.Summary);
        output.Write(SnapshotCsv.LineEnd);
        WriteRows(output, diff, rows);
    }

    private static void WriteSide(TextWriter output, string side, Snapshots.Snapshot snapshot, SnapshotOrigin origin)
    {
        SnapshotCsv.WritePair(output, $"Snapshot {side}", origin.Id ?? "");
        SnapshotCsv.WritePair(output, $"Host {side}", origin.Host);
        SnapshotCsv.WritePair(output, $"Process {side}", snapshot.Process.Name);
        SnapshotCsv.WritePair(output, $"PID {side}", snapshot.Process.Key.Pid.ToString(CultureInfo.InvariantCulture));
        SnapshotCsv.WritePair(output, $"Taken at {side}", snapshot.TakenAt.UtcDateTime.ToString("O", CultureInfo.InvariantCulture));
        SnapshotCsv.WritePair(output, $"Label {side}", origin.Label);
    }

    private static void WriteSummary(TextWriter output, DiffSummary summary)
    {
        output.Write("\"Type\"");
        WriteNames(output, [.. s_figures.Select(figure => figure.Name), "Blocks", "Largest"]);
        output.Write(SnapshotCsv.LineEnd);
        foreach (var row in summary.Rows.Append(summary.Total))
        {
            SnapshotCsv.WriteText(output, row.Name);
            foreach (var (_, metric) in s_figures)
            {
                WriteThree(output, row.Before.Value(metric), row.After.Value(metric));
            }
            WriteThree(output, row.Before.Blocks, row.After.Blocks);
            WriteThree(output, row.Before.Largest, row.After.Largest);
            output.Write(SnapshotCsv.LineEnd);
        }
    }

    private static void WriteRows(TextWriter output, SnapshotDiff diff, IReadOnlyList<int> rows)
    {
        output.Write("\"Change\",\"Differs in\",\"Address before\",\"Address after\",\"Type before\",\"Type after\"");
        WriteNames(output, [.. s_figures.Select(figure => figure.Name)]);
        output.Write(",\"Protection before\",\"Protection after\",\"Details before\",\"Details after\"");
        output.Write(SnapshotCsv.LineEnd);
        var union = diff.Regions;
        foreach (var row in rows)
        {
            var (old, now) = (union.BeforeRows[row], union.AfterRows[row]);
            SnapshotCsv.WriteText(output, union.Changes[row].ToString());
            WriteCell(output, union.Aspects[row] == DiffAspects.None ? "" : union.Aspects[row].ToString());
            WriteCell(output, Address(union.Before, old));
            WriteCell(output, Address(union.After, now));
            WriteCell(output, old < 0 ? "" : union.Before.Categories[old].DisplayName());
            WriteCell(output, now < 0 ? "" : union.After.Categories[now].DisplayName());
            foreach (var (_, metric) in s_figures)
            {
                WriteThree(output, union.ValueBefore(metric, row), union.ValueAfter(metric, row));
            }
            WriteCell(output, Protection(union.Before, old, diff.Before.Platform));
            WriteCell(output, Protection(union.After, now, diff.After.Platform));
            WriteCell(output, old < 0 ? "" : union.Before.DetailText(old));
            WriteCell(output, now < 0 ? "" : union.After.DetailText(now));
            output.Write(SnapshotCsv.LineEnd);
        }
    }

    private static string Address(RegionTable table, int row) => row < 0 ? "" : $"0x{table.Addresses[row]:x}";

    private static string Protection(RegionTable table, int row, HostPlatform platform) =>
        row < 0 ? "" : ProtectionText.Format(table.Protections[row], platform);

    private static void WriteNames(TextWriter output, string[] names)
    {
        foreach (var name in names)
        {
            output.Write($",\"{name} before\",\"{name} after\",\"{name} delta\"");
        }
    }

    private static void WriteThree(TextWriter output, long before, long after)
    {
        SnapshotCsv.WriteNumber(output, before);
        SnapshotCsv.WriteNumber(output, after);
        SnapshotCsv.WriteNumber(output, after - before);
    }

    private static void WriteCell(TextWriter output, string text)
    {
        output.Write(',');
        SnapshotCsv.WriteText(output, text);
    }
}
