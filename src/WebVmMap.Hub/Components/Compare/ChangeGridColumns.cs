using System.Globalization;
using WebVmMap.Core.Diffs;
using WebVmMap.Core.Processes;
using WebVmMap.Core.Regions;
using WebVmMap.Hub.Components.Grid;
using WebVmMap.Hub.Components.Text;
using WebVmMap.Hub.Components.Views;

namespace WebVmMap.Hub.Components.Compare;

/// <summary>What the columns of the changes say of a row.</summary>
internal static class ChangeGridColumns
{
    private const string Arrow = " → ";

    /// <summary>The columns of a platform, in order; the compared metric stands with its before and after, not among the others.</summary>
    public static IReadOnlyList<DiffColumn> Of(HostPlatform platform, RegionMetric metric) =>
    [
        DiffColumn.Address, DiffColumn.Change, DiffColumn.Delta, DiffColumn.Type, DiffColumn.Before, DiffColumn.After,
        .. PlatformMetrics.Of(platform).Where(m => m != metric).Select(m => (DiffColumn)m),
        DiffColumn.Protection, DiffColumn.Details,
    ];

    /// <summary>What a column's head says.</summary>
    public static string Title(DiffColumn column, RegionMetric metric) => column switch
    {
        <= DiffColumn.Reserved => $"Δ {MetricNames.Of((RegionMetric)column).Title}",
        DiffColumn.Delta => $"Δ {MetricNames.Of(metric).Title}",
        _ => column.ToString(),
    };

    /// <summary>Whether a column holds differences, which have a sign and a colour.</summary>
    public static bool IsDelta(DiffColumn column) => column is <= DiffColumn.Reserved or DiffColumn.Delta;

    /// <summary>The figure of a row, in bytes; for columns of figures alone.</summary>
    public static long Value(ChangeModel model, ChangeRow row, DiffColumn column) => column switch
    {
        DiffColumn.Before => model.Before(model.Query.Metric, row),
        DiffColumn.After => model.After(model.Query.Metric, row),
        DiffColumn.Delta => model.Delta(model.Query.Metric, row),
        _ => model.Delta((RegionMetric)column, row),
    };

    /// <summary>What a cell says.</summary>
    public static string Text(ChangeModel model, ChangeRow row, DiffColumn column) => column switch
    {
        DiffColumn.Address => AddressText.Format(model.Diff.Regions.Address(First(model, row))),
        DiffColumn.Change => ChangeText.Name(Change(model, row)),
        DiffColumn.Type => model.Diff.Regions.Category(First(model, row)).DisplayName(),
        DiffColumn.Before or DiffColumn.After => ByteText.Cell(Value(model, row, column)),
        DiffColumn.Protection => Protection(model, row),
        DiffColumn.Details => Details(model, row),
        _ => ChangeText.Cell(Value(model, row, column)),
    };

    /// <summary>What became of a row.</summary>
    public static RegionChange Change(ChangeModel model, ChangeRow row) =>
        row.IsRegion ? model.Diff.Regions.Changes[row.Region] : model.Diff.Regions.AllocationChanges[row.Allocation];

    /// <summary>What a cell says when copied: bytes are exact, so that a spreadsheet can go on with them.</summary>
    public static string CopyText(ChangeModel model, ChangeRow row, DiffColumn column) =>
        IsDelta(column) || column is DiffColumn.Before or DiffColumn.After
            ? Value(model, row, column).ToString(CultureInfo.InvariantCulture)
            : Text(model, row, column).Replace('\t', ' ').Replace('\n', ' ');

    /// <summary>The grid's column.</summary>
    public static GridColumn<ChangeRow> ToGrid(DiffColumn column, Func<ChangeModel> model, RegionMetric metric, HostPlatform platform) => new()
    {
        Id = column.ToString(),
        Title = Title(column, metric),
        Meaning = column switch
        {
            <= DiffColumn.Reserved => MetricNames.Of((RegionMetric)column).Meaning,
            DiffColumn.Delta or DiffColumn.Before or DiffColumn.After => MetricNames.Of(metric).Meaning,
            _ => "",
        },
        Width = Width(column, platform),
        Flex = column == DiffColumn.Details ? 1 : 0,
        Numeric = IsDelta(column) || column is DiffColumn.Before or DiffColumn.After,
        Monospace = column is DiffColumn.Address || (column is DiffColumn.Protection && platform == HostPlatform.Linux),
        Text = row => Text(model(), row, column),
        Hint = row => Hint(model(), row, column),
    };

    private static string? Hint(ChangeModel model, ChangeRow row, DiffColumn column)
    {
        if (IsDelta(column))
        {
            return Value(model, row, column) is var delta && delta == 0 ? null : ChangeText.Exact(delta);
        }
        switch (column)
        {
            case DiffColumn.Before or DiffColumn.After:
                return Value(model, row, column) is var value && value == 0 ? null : ByteText.Exact(value);
            case DiffColumn.Change:
                return ChangeText.Aspects(row.IsRegion ? model.Diff.Regions.Aspects[row.Region] : model.Diff.Regions.AllocationAspects[row.Allocation]) is { Length: > 0 } what
                    ? $"Differs in {what}"
                    : null;
            case DiffColumn.Address:
                return AddressHint(model, First(model, row));
            default:
                return Text(model, row, column) is { Length: > 0 } text ? text : null;
        }
    }

    private static string AddressHint(ChangeModel model, int row)
    {
        var region = model.Diff.Regions[row];
        return (region.Before, region.After) switch
        {
            ({ } before, { } after) when before.Address != after.Address => $"{AddressText.Format(before.Address)} before, {AddressText.Format(after.Address)} after",
            ({ } before, null) => $"{AddressText.Format(before.Address)}, before",
            _ => AddressText.Format(model.Diff.Regions.Address(row)),
        };
    }

    // An allocation is called by its first region, or the first that is still there.
    private static int First(ChangeModel model, ChangeRow row) => row.IsRegion ? row.Region : model.Diff.Regions.FirstRegion[row.Allocation];

    private static string Protection(ChangeModel model, ChangeRow row)
    {
        var region = model.Diff.Regions[First(model, row)];
        string Format(Region of) => ProtectionText.Format(of.Protection, model.Diff.After.Platform);
        return (region.Before, region.After) switch
        {
            ({ } before, { } after) when before.Protection != after.Protection => Format(before) + Arrow + Format(after),
            (_, { } after) => Format(after),
            ({ } before, _) => Format(before),
            _ => "",
        };
    }

    private static string Details(ChangeModel model, ChangeRow row)
    {
        var regions = model.Diff.Regions;
        var region = regions[First(model, row)];
        // Under its allocation a region says only what is different about it.
        if (row.IsRegion && row.Region != regions.FirstRegion[row.Allocation] && regions.DetailText(row.Region) == regions.DetailText(regions.FirstRegion[row.Allocation])
            && !regions.Aspects[row.Region].HasFlag(DiffAspects.Details))
        {
            return "";
        }
        return region.Before is not null && region.After is not null && region.DetailsBefore != region.DetailsAfter
            ? (region.DetailsBefore.Length == 0 ? "(none)" : region.DetailsBefore) + Arrow + (region.DetailsAfter.Length == 0 ? "(none)" : region.DetailsAfter)
            : regions.DetailText(First(model, row));
    }

    private static int Width(DiffColumn column, HostPlatform platform) => column switch
    {
        DiffColumn.Address => 148,
        DiffColumn.Change => 94,
        DiffColumn.Type => 134,
        DiffColumn.Delta => 112,
        DiffColumn.Before or DiffColumn.After => 92,
        DiffColumn.ShareableWs => 118,
        <= DiffColumn.Reserved => 106,
        DiffColumn.Protection => platform == HostPlatform.Windows ? 200 : 110,
        _ => 180,
    };
}
