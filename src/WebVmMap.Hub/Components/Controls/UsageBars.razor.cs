using Microsoft.AspNetCore.Components;
using WebVmMap.Core.Regions;
using WebVmMap.Core.Snapshots;

namespace WebVmMap.Hub.Components.Controls;

/// <summary>Committed, Private and Working Set by category, as bars on one scale.</summary>
public sealed partial class UsageBars
{
    private List<(string Title, UsageBar Bar)> _bars = [];

    /// <summary>What the bars are of, in order.</summary>
    public static IReadOnlyList<(string Title, RegionMetric Metric)> Metrics { get; } =
        [("Committed", RegionMetric.Committed), ("Private", RegionMetric.Private), ("Working set", RegionMetric.TotalWs)];

    /// <summary>What the bars show.</summary>
    [Parameter, EditorRequired]
    public required SnapshotSummary Summary { get; set; }

    /// <summary>The chosen category; the others stand back.</summary>
    [Parameter]
    public RegionCategory? Selected { get; set; }

    /// <summary>A category was clicked; null for the unaccounted part.</summary>
    [Parameter]
    public EventCallback<RegionCategory?> OnCategory { get; set; }

    /// <inheritdoc/>
    protected override void OnParametersSet()
    {
        var scale = UsageBar.Scale(Summary, Metrics.Select(m => m.Metric));
        _bars = [.. Metrics.Select(m => (m.Title, UsageBar.Of(m.Title, Summary, m.Metric, scale)))];
    }
}
