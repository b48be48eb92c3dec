namespace WebVmMap.Hub.Components.Details;

/// <summary>How the details are ordered.</summary>
/// <param name="Column">By which column; equal ones stand in address order.</param>
/// <param name="Descending">Largest first.</param>
public readonly record struct DetailsSort(DetailsColumn Column, bool Descending)
{
    /// <summary>Largest working set first: where the memory is.</summary>
    public static DetailsSort Default { get; } = new(DetailsColumn.TotalWs, true);

    /// <summary>The order after a click on a column's head: figures begin with the largest, texts and addresses with the first.</summary>
    public DetailsSort Click(DetailsColumn column) => column == Column ? this with { Descending = !Descending } : new(column, IsFigure(column));

    /// <summary>Whether rows change places under it while a process runs: figures and protections do change, addresses and names do not.</summary>
    public bool IsLive => Column is not (DetailsColumn.Address or DetailsColumn.Type or DetailsColumn.Details);

    /// <summary>Reads what <see cref="ToString"/> writes.</summary>
    /// <returns>False when it is not an order.</returns>
    public static bool TryParse(string? text, out DetailsSort sort)
    {
        var descending = text is ['-', ..];
        var name = descending ? text![1..] : text;
        var known = Enum.TryParse<DetailsColumn>(name, ignoreCase: true, out var column) && Enum.IsDefined(column) && !char.IsAsciiDigit(name![0]);
        sort = known ? new(column, descending) : Default;
        return known;
    }

    /// <summary>The column's name, after a minus when descending.</summary>
    public override string ToString() => (Descending ? "-" : "") + Column.ToString().ToLowerInvariant();

    private static bool IsFigure(DetailsColumn column) => column <= DetailsColumn.Reserved || column == DetailsColumn.Blocks;
}
