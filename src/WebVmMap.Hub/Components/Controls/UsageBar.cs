using System.Globalization;
using WebVmMap.Core.Regions;
using WebVmMap.Core.Snapshots;
using WebVmMap.Hub.Components.Text;

namespace WebVmMap.Hub.Components.Controls;

/// <summary>One figure by category as a bar.</summary>
/// <param name="Total">What the system says of it in all, in bytes.</param>
/// <param name="Description">The same in words.</param>
/// <param name="Parts">From left to right.</param>
public sealed record UsageBar(long Total, string Description, IReadOnlyList<UsageBarPart> Parts)
{
    /// <summary>The largest bar that a summary has of any of some metrics, in bytes; at least 1: what all bars are drawn against.</summary>
    public static long Scale(SnapshotSummary summary, IEnumerable<RegionMetric> metrics) =>
        Math.Max(1, metrics.Max(metric => summary.Rows.Where(r => r.Name != RegionCategory.Free.DisplayName()).Sum(r => Math.Max(0, r.Value(metric)))));

    /// <summary>Makes a bar of a summary.</summary>
    /// <param name="title">What it is called.</param>
    /// <param name="summary">Whose figures.</param>
    /// <param name="metric">Which figure.</param>
    /// <param name="scale">How many bytes fill the whole width.</param>
    public static UsageBar Of(string title, SnapshotSummary summary, RegionMetric metric, long scale)
    {
        var parts = new List<UsageBarPart>();
        var words = new List<string>();
        foreach (var row in summary.Rows)
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
        var total = summary.Total.Value(metric);
        return new(total, $"{title} {ByteText.Rounded(total)}: {(words.Count == 0 ? "nothing" : string.Join(", ", words))}", parts);
    }
}
