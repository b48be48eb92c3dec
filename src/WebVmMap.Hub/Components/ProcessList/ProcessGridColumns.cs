using System.Globalization;
using WebVmMap.Hub.Components.Grid;
using WebVmMap.Hub.Components.Text;

namespace WebVmMap.Hub.Components.ProcessList;

/// <summary>What the columns of a process list say of a row.</summary>
internal static class ProcessGridColumns
{
    private const int FigureWidth = 96;

    // What the page leaves free at the sides of the list.
    private const int PanelEdges = 26;

    /// <summary>The columns: what a process is and takes comes first, so that a phone shows it without scrolling sideways.</summary>
    /// <param name="severalHosts">Whether the host is one of them.</param>
    public static IReadOnlyList<GridColumn<ProcessRow>> Of(bool severalHosts)
    {
        var columns = new List<GridColumn<ProcessRow>>
        {
            Column(ProcessColumn.Name, "Name", 230, row => row.Listed.Process.Name, 2) with { Hint = Limitation, Beside = 2 * FigureWidth + PanelEdges },
            Column(ProcessColumn.PrivateBytes, "Private", FigureWidth, row => ByteText.Cell(row.PrivateBytes)) with
            {
                Numeric = true,
                Meaning = "Private bytes by the system's own counter; in the tree with those of all below.",
                Hint = row => Sums(row.PrivateBytes, row.Listed.Process.PrivateBytes, row.Descendants),
            },
            Column(ProcessColumn.WorkingSet, "Working set", FigureWidth, row => ByteText.Cell(row.WorkingSetBytes)) with
            {
                Numeric = true,
                Meaning = "Resident bytes by the system's own counter; in the tree with those of all below, pages they share counted for each.",
                Hint = row => Sums(row.WorkingSetBytes, row.Listed.Process.WorkingSetBytes, row.Descendants),
            },
            Column(ProcessColumn.Pid, "PID", 76, row => row.Listed.Process.Key.Pid.ToString(CultureInfo.InvariantCulture)) with { Numeric = true },
            Column(ProcessColumn.User, "User", 80, row => row.Listed.Process.User, 0.4) with { Hint = row => row.Listed.Process.User },
            Column(ProcessColumn.Architecture, "Arch", 60, row => row.Listed.Process.Architecture),
            Column(ProcessColumn.Managed, ".NET", 56, row => row.Listed.Process.Managed ? ".NET" : "") with { Meaning = "A .NET runtime is loaded." },
            Column(ProcessColumn.Started, "Started", 168, row => row.Listed.Process.StartTime == default ? "" : Started(row)[..19]) with
            {
                Meaning = "UTC",
                Hint = row => row.Listed.Process.StartTime == default ? null : Started(row),
            },
            Column(ProcessColumn.CommandLine, "Command line", 200, row => row.Listed.Process.CommandLine, 2) with
            {
                Hint = row => row.Listed.Process.CommandLine,
            },
        };
        if (severalHosts)
        {
            columns.Insert(3, Column(ProcessColumn.Host, "Host", 80, row => row.Listed.Host.Name, 0.5));
        }
        return columns;
    }

    /// <summary>Where a process is shown.</summary>
    public static string Link(ListedProcess listed) => string.Create(
        CultureInfo.InvariantCulture,
        $"/hosts/{Uri.EscapeDataString(listed.Host.Id)}/processes/{listed.Process.Key.Pid}?start={listed.Process.Key.StartStamp}");

    private static GridColumn<ProcessRow> Column(ProcessColumn column, string title, int width, Func<ProcessRow, string> text, double flex = 0) =>
        new() { Id = column.ToString(), Title = title, Width = width, Flex = flex, Text = text };

    private static string Started(ProcessRow row) => TimeText.Full(row.Listed.Process.StartTime);

    private static string? Limitation(ProcessRow row) => row.Listed.Process.Limitation is { Length: > 0 } text ? text : null;

    private static string Sums(long tree, long own, int descendants) =>
        descendants == 0 ? ByteText.Exact(own) : $"{ByteText.Exact(tree)} with the {descendants} below; {ByteText.Exact(own)} its own";
}
