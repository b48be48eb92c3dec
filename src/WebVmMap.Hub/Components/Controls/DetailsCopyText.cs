using System.Globalization;
using System.Text;
using WebVmMap.Core.Regions;
using WebVmMap.Hub.Components.Details;

namespace WebVmMap.Hub.Components.Controls;

/// <summary>Rows as text for the clipboard.</summary>
internal static class DetailsCopyText
{
    /// <summary>Writes rows; bytes are exact, so that a spreadsheet can go on with them.</summary>
    public static string Format(DetailsModel model, IReadOnlyList<DetailsRow> rows, DetailsCopy what)
    {
        if (what != DetailsCopy.Rows)
        {
            var column = what == DetailsCopy.Addresses ? DetailsColumn.Address : DetailsColumn.Details;
            return string.Join('\n', rows.Select(row => DetailsGridColumns.Text(model, row, column)));
        }
        var columns = DetailsGridColumns.Of(model.Snapshot.Platform);
        var text = new StringBuilder().AppendJoin('\t', columns.Select(DetailsGridColumns.Title));
        foreach (var row in rows)
        {
            text.Append('\n').AppendJoin('\t', columns.Select(column => Cell(model, row, column)));
        }
        return text.ToString();
    }

    private static string Cell(DetailsModel model, DetailsRow row, DetailsColumn column) => column <= DetailsColumn.Reserved
        ? DetailsGridColumns.Value(model, row, (RegionMetric)column).ToString(CultureInfo.InvariantCulture)
        : DetailsGridColumns.Text(model, row, column).Replace('\t', ' ').Replace('\n', ' ');
}
