namespace WebVmMap.Hub.Components.Compare;

/// <summary>How the changes are ordered.</summary>
/// <param name="Column">By which column; equal ones stand in address order.</param>
/// <param name="Descending">Largest first.</param>
public readonly record struct DiffSort(DiffColumn Column, bool Descending)
{
    /// <summary>What changed most first, whichever way.</summary>
    public static DiffSort Default { get; } = new(DiffColumn.Magnitude, true);

    /// <summary>What grew most first.</summary>
    public static DiffSort Growth { get; } = new(DiffColumn.Delta, true);

    /// <summary>What shrank most first.</summary>
    public static DiffSort Shrinkage { get; } = new(DiffColumn.Delta, false);

    /// <summary>The order after a click on a column's head: figures begin with the largest, texts and addresses with the first.</summary>
    public DiffSort Click(DiffColumn column) => column == Column ? this with { Descending = !Descending } : new(column, IsFigure(column));

    /// <summary>Reads what <see cref="ToString"/> writes.</summary>
    /// <returns>False when it is not an order.</returns>
    public static bool TryParse(string? text, out DiffSort sort)
    {
        var descending = text is ['-', ..];
        var name = descending ? text![1..] : text;
        var known = Enum.TryParse<DiffColumn>(name, ignoreCase: true, out var column) && Enum.IsDefined(column) && !char.IsAsciiDigit(name![0]);
        sort = known ? new(column, descending) : Default;
        return known;
    }

    /// <summary>The column's name, after a minus when descending.</summary>
    public override string ToString() => (Descending ? "-" : "") + Column.ToString().ToLowerInvariant();

    private static bool IsFigure(DiffColumn column) =>
        column is <= DiffColumn.Reserved or DiffColumn.Before or DiffColumn.After or DiffColumn.Delta or DiffColumn.Magnitude;
}
