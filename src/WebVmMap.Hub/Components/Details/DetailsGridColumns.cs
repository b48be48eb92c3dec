using WebVmMap.Core.Processes;
using WebVmMap.Core.Regions;
using WebVmMap.Hub.Components.Grid;
using WebVmMap.Hub.Components.Text;
using WebVmMap.Hub.Components.Views;

namespace WebVmMap.Hub.Components.Details;

/// <summary>What the columns of the details say of a row.</summary>
internal static class DetailsGridColumns
{
    /// <summary>The columns of a platform, in order.</summary>
    public static IReadOnlyList<DetailsColumn> Of(HostPlatform platform) =>
    [
        DetailsColumn.Address, DetailsColumn.Type, .. PlatformMetrics.Of(platform).Select(m => (DetailsColumn)m),
        DetailsColumn.Blocks, DetailsColumn.Protection, DetailsColumn.Details,
    ];

    /// <summary>What a column's head says.</summary>
    public static string Title(DetailsColumn column) => column <= DetailsColumn.Reserved ? MetricNames.Of((RegionMetric)column).Title : column.ToString();

    /// <summary>The figure of a row, in bytes.</summary>
    public static long Value(DetailsModel model, DetailsRow row, RegionMetric metric) =>
        row.IsRegion ? model.Snapshot.Regions.Value(metric, row.Region) : model.Snapshot.Allocations.Value(metric, row.Allocation);

    /// <summary>First address of a row.</summary>
    public static ulong Address(DetailsModel model, DetailsRow row) =>
        row.IsRegion ? model.Snapshot.Regions.Addresses[row.Region] : model.Snapshot.Allocations.Address(row.Allocation);

    /// <summary>What a row is: path, heap, thread.</summary>
    public static string Details(DetailsModel model, DetailsRow row)
    {
        var own = row.IsRegion ? model.Snapshot.Regions.DetailText(row.Region) : model.Snapshot.Allocations.DetailText(row.Allocation);
        // Under its allocation a region says only what is different about it.
        return row.IsRegion && own == model.Snapshot.Allocations.DetailText(row.Allocation) ? "" : own;
    }

    /// <summary>What a cell says.</summary>
    public static string Text(DetailsModel model, DetailsRow row, DetailsColumn column) => column switch
    {
        <= DetailsColumn.Reserved => ByteText.Cell(Value(model, row, (RegionMetric)column)),
        DetailsColumn.Address => AddressText.Format(Address(model, row)),
        DetailsColumn.Type => model.Snapshot.Allocations.Category(row.Allocation).DisplayName(),
        DetailsColumn.Blocks => row.IsRegion ? "" : ByteText.Count(model.Snapshot.Allocations.Blocks(row.Allocation)),
        DetailsColumn.Protection => ProtectionText.Format(
            row.IsRegion ? model.Snapshot.Regions.Protections[row.Region] : model.Snapshot.Allocations.Protections[row.Allocation], model.Snapshot.Platform),
        _ => Details(model, row),
    };

    /// <summary>The grid's column.</summary>
    /// <param name="column">Which one.</param>
    /// <param name="model">The model that shows now.</param>
    /// <param name="platform">Windows writes protections out, so they are wider.</param>
    public static GridColumn<DetailsRow> ToGrid(DetailsColumn column, Func<DetailsModel> model, HostPlatform platform) => new()
    {
        Id = column.ToString(),
        Title = Title(column),
        Meaning = column <= DetailsColumn.Reserved ? MetricNames.Of((RegionMetric)column).Meaning : "",
        Width = Width(column, platform),
        Flex = column == DetailsColumn.Details ? 1 : 0,
        Numeric = column <= DetailsColumn.Reserved || column == DetailsColumn.Blocks,
        Monospace = column is DetailsColumn.Address || (column is DetailsColumn.Protection && platform == HostPlatform.Linux),
        Text = row => Text(model(), row, column),
        Hint = column switch
        {
            <= DetailsColumn.Reserved => row => Value(model(), row, (RegionMetric)column) is var value && value == 0 ? null : ByteText.Exact(value),
            DetailsColumn.Details or DetailsColumn.Protection => row => Text(model(), row, column) is { Length: > 0 } text ? text : null,
            _ => null,
        },
    };

    private static int Width(DetailsColumn column, HostPlatform platform) => column switch
    {
        DetailsColumn.Address => 144,
        DetailsColumn.Type => 130,
        DetailsColumn.Committed or DetailsColumn.PrivateWs or DetailsColumn.SharedWs or DetailsColumn.LockedWs => 86,
        DetailsColumn.ShareableWs => 102,
        DetailsColumn.Blocks => 58,
        DetailsColumn.Protection => platform == HostPlatform.Windows ? 150 : 80,
        DetailsColumn.Details => 220,
        // "102.2 MiB" has to fit.
        _ => 84,
    };
}
