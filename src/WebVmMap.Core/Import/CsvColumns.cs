namespace WebVmMap.Core.Import;

/// <summary>Which field of a record is which column, by the names in a table's first line. Columns that are missing are empty.</summary>
internal sealed class CsvColumns
{
    private const int None = -1;

    private CsvColumns(DelimitedReader csv)
    {
        Address = Find(csv, "Address");
        Type = Find(csv, "Type");
        Size = Find(csv, "Size");
        Committed = Find(csv, "Committed");
        Private = Find(csv, "Private");
        PrivateWs = Find(csv, "Private WS");
        ShareableWs = Find(csv, "Shareable WS");
        SharedWs = Find(csv, "Shared WS");
        LockedWs = Find(csv, "Locked WS");
        Pss = Find(csv, "PSS");
        Swap = Find(csv, "Swap");
        Protection = Find(csv, "Protection");
        Details = Find(csv, "Details");
    }

    public int Address { get; }

    public int Type { get; }

    public int Size { get; }

    public int Committed { get; }

    public int Private { get; }

    public int PrivateWs { get; }

    public int ShareableWs { get; }

    public int SharedWs { get; }

    public int LockedWs { get; }

    public int Pss { get; }

    public int Swap { get; }

    public int Protection { get; }

    public int Details { get; }

    /// <summary>The columns of a table, or null when the record is no first line of one.</summary>
    /// <param name="csv">At the record.</param>
    /// <param name="first">What its first field has to be.</param>
    public static CsvColumns? Of(DelimitedReader csv, string first)
    {
        if (!csv[0].Trim().Equals(first, StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }
        var columns = new CsvColumns(csv);
        return columns.Type != None && columns.Size != None ? columns : null;
    }

    /// <summary>A figure of the record, in bytes.</summary>
    /// <exception cref="InvalidDataException">It is no number.</exception>
    public static long Figure(DelimitedReader csv, int column, long unit) => CsvFigure.TryParse(csv[column], unit, out var bytes)
        ? bytes
        : throw new InvalidDataException($"Its line {csv.Line} has '{ShownText.Of(csv[column])}' where a number of bytes belongs.");

    private static int Find(DelimitedReader csv, string name)
    {
        for (var field = 0; field < csv.Count; field++)
        {
            if (csv[field].Trim().Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                return field;
            }
        }
        return None;
    }
}
