using Microsoft.AspNetCore.Components;
using WebVmMap.Core.Processes;
using WebVmMap.Core.Regions;
using WebVmMap.Core.Snapshots;
using WebVmMap.Hub.Components.Views;

namespace WebVmMap.Hub.Components.Controls;

/// <summary>The sums by category, every column; a click on a category shows only it, everywhere.</summary>
public sealed partial class SummaryTable
{
    private const string UnaccountedMeaning =
        "The system's own counter of private bytes differs from the sum of the regions by this much. It is shown so that Total agrees with the counter.";

    private IReadOnlyList<RegionMetric> _metrics = [];

    /// <summary>What the table shows.</summary>
    [Parameter, EditorRequired]
    public required SnapshotSummary Summary { get; set; }

    /// <summary>Which system it is of: it decides the columns.</summary>
    [Parameter, EditorRequired]
    public HostPlatform Platform { get; set; }

    /// <summary>The chosen category; null for all.</summary>
    [Parameter]
    public RegionCategory? Selected { get; set; }

    /// <summary>A category was chosen; null for all.</summary>
    [Parameter]
    public EventCallback<RegionCategory?> OnCategory { get; set; }

    /// <inheritdoc/>
    protected override void OnParametersSet() => _metrics = PlatformMetrics.Of(Platform);

    private string RowClass(SummaryRow row, RegionCategory? category) =>
        (ReferenceEquals(row, Summary.Total) ? "total" : category == RegionCategory.Free ? "free" : "")
        + (category is not null && category == Selected ? " selected" : "");

    private Task ClickAsync(SummaryRow row, RegionCategory? category) =>
        category is null && !ReferenceEquals(row, Summary.Total) ? Task.CompletedTask : OnCategory.InvokeAsync(category);
}
