namespace WebVmMap.Hub.Components.ProcessList;

/// <summary>How a process list is ordered.</summary>
/// <param name="Column">By which column.</param>
/// <param name="Descending">Largest first.</param>
public readonly record struct ProcessSort(ProcessColumn Column, bool Descending)
{
    /// <summary>Largest private bytes first.</summary>
    public static ProcessSort Default { get; } = new(ProcessColumn.PrivateBytes, true);

    /// <summary>The order after a click on a column's head.</summary>
    public ProcessSort Click(ProcessColumn column) =>
        column == Column ? this with { Descending = !Descending } : new(column, column is ProcessColumn.PrivateBytes or ProcessColumn.WorkingSet or ProcessColumn.Started or ProcessColumn.Managed);

    /// <summary>Whether rows change places under it while processes run.</summary>
    public bool IsLive => Column is ProcessColumn.PrivateBytes or ProcessColumn.WorkingSet;

    /// <summary>Reads what <see cref="ToString"/> writes; anything else is the default.</summary>
    public static ProcessSort Parse(string? text)
    {
        var descending = text is ['-', ..];
        var name = descending ? text![1..] : text;
        return Enum.TryParse<ProcessColumn>(name, ignoreCase: true, out var column) && Enum.IsDefined(column) && !char.IsAsciiDigit(name![0])
            ? new(column, descending)
            : Default;
    }

    /// <summary>The column's name, after a minus when descending.</summary>
    public override string ToString() => (Descending ? "-" : "") + Column.ToString().ToLowerInvariant();
}
