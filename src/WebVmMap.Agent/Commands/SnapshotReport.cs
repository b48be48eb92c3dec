using System.Globalization;
using System.Text;
using WebVmMap.Core.Processes;
using WebVmMap.Core.Snapshots;

namespace WebVmMap.Agent.Commands;

/// <summary>A snapshot's summary for a terminal: every column, in KiB.</summary>
internal static class SnapshotReport
{
    private static readonly (string Name, Func<SummaryRow, long> Bytes)[] s_columns =
    [
        ("Size", row => row.Size),
        ("Reserved", row => row.Reserved),
        ("Committed", row => row.Committed),
        ("Private", row => row.Private),
        ("Total WS", row => row.TotalWs),
        ("Private WS", row => row.PrivateWs),
        ("Shareable WS", row => row.ShareableWs),
        ("Shared WS", row => row.SharedWs),
        ("Locked WS", row => row.LockedWs),
    ];

    private static readonly (string Name, Func<SummaryRow, long> Bytes)[] s_linuxColumns = [("PSS", row => row.Pss), ("Swap", row => row.Swap)];

    private static readonly (string Name, Func<SummaryRow, long> Bytes) s_largest = ("Largest", row => row.Largest);

    /// <summary>The report, each line ended.</summary>
    public static string Text(Snapshot snapshot)
    {
        var text = new StringBuilder();
        var process = snapshot.Process;
        text.Append(CultureInfo.InvariantCulture, $"{Printable(process.Name)} (pid {process.Key.Pid}) at {snapshot.TakenAt.UtcDateTime:yyyy-MM-dd HH:mm:ss.fff}Z; ");
        text.Append(CultureInfo.InvariantCulture, $"took {snapshot.Cost.ElapsedMs:0.0} ms, {snapshot.Cost.AgentCpuMs:0.0} ms of processor time. In KiB:");
        text.Append("\n\n");
        AppendTable(text, snapshot);
        foreach (var note in snapshot.Notes)
        {
            text.Append('\n').Append(Printable(note.Text));
        }
        return snapshot.Notes.IsEmpty ? text.ToString() : text.Append('\n').ToString();
    }

    private static void AppendTable(StringBuilder text, Snapshot snapshot)
    {
        var columns = s_columns.Concat(snapshot.Platform == HostPlatform.Linux ? s_linuxColumns : []).ToArray();
        List<string[]> lines = [["Category", .. columns.Select(c => c.Name), "Blocks", s_largest.Name]];
        foreach (var row in snapshot.Summary.Rows.Append(snapshot.Summary.Total))
        {
            lines.Add([row.Name, .. columns.Select(c => Kibibytes(c.Bytes(row))), row.Blocks.ToString("N0", CultureInfo.InvariantCulture), Kibibytes(s_largest.Bytes(row))]);
        }
        var widths = Enumerable.Range(0, lines[0].Length).Select(column => lines.Max(line => line[column].Length)).ToArray();
        foreach (var line in lines)
        {
            text.Append(line[0].PadRight(widths[0]));
            for (var column = 1; column < line.Length; column++)
            {
                text.Append("  ").Append(line[column].PadLeft(widths[column]));
            }
            text.Append('\n');
        }
    }

    // Everything is made of whole pages but the counters that a few rows come from; a part of a KiB is not hidden.
    private static string Kibibytes(long bytes) => bytes % 1024 == 0
        ? (bytes / 1024).ToString("N0", CultureInfo.InvariantCulture)
        : (bytes / 1024.0).ToString("N1", CultureInfo.InvariantCulture);

    // A process chooses its own name; control characters in it must not steer the terminal.
    private static string Printable(string text) => string.Concat(text.Select(c => char.IsControl(c) ? '\uFFFD' : c));
}
