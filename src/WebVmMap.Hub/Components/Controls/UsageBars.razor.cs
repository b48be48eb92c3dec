using System.Globalization;
using Microsoft.AspNetCore.Components;
using WebVmMap.Core.Regions;
using WebVmMap.Core.Snapshots;
using WebVmMap.Hub.Components.Text;

namespace WebVmMap.Hub.Components.Controls;

/// <summary>Committed, Private and Working Set by category, as bars on one scale.</summary>
public sealed partial class UsageBars
{
    private static readonly (string Title, RegionMetric Metric)[] s_metrics =
        [("Committed", RegionMetric.Committed), ("Private", RegionMetric.Private), ("Working set", RegionMetric.TotalWs)];

    private List<Bar> _bars = [];

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
        var scale = Math.Max(1, s_metrics.Max(m => Summary.Rows.Where(r => r.Name != RegionCategory.Free.DisplayName()).Sum(r => Math.Max(0, r.Value(m.Metric)))));
        _bars = [.. s_metrics.Select(m => ToBar(m.Title, m.Metric, scale))];
    }

    private Bar ToBar(string title, RegionMetric metric, long scale)
    {
        var parts = new List<Part>();
        var words = new List<string>();
        foreach (var row in Summary.Rows)
        {
            var value = row.Value(metric);
            var known = RegionCategories.TryParse(row.Name, out var category);
            if (value == 0 || (known && category == RegionCategory.Free))
            {
                continue;
            }
            words.Add($"{row.Name} {ByteText.Rounded(value)}");
            if (value > 0)
            {
                var width = string.Create(CultureInfo.InvariantCulture, $"{value * 100.0 / scale:0.###}%");
                parts.Add(new(known ? category : null, width, $"{row.Name}: {ByteText.Rounded(value)} ({ByteText.Exact(value)})"));
            }
        }
        var total = Summary.Total.Value(metric);
        return new(title, total, $"{title} {ByteText.Rounded(total)}: {(words.Count == 0 ? "nothing" : string.Join(", ", words))}", parts);
    }

    private sealed record Bar(string Title, long Total, string Description, List<Part> Parts);

    private sealed record Part(RegionCategory? Category, string Width, string Hint);
}
