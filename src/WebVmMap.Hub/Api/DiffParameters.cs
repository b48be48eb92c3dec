using WebVmMap.Core.Diffs;
using WebVmMap.Core.Regions;

namespace WebVmMap.Hub.Api;

/// <summary>Which changes a request asks for.</summary>
/// <param name="Metric">The figure that minDelta and sort go by, as the columns are spelled: size (the default), committed, private, totalWs, ...</param>
/// <param name="MinDelta">The least change of it, up or down, in bytes.</param>
/// <param name="Category">Only regions that are or were of this category.</param>
/// <param name="Change">Only those that were added, removed, grown, shrunk or changed.</param>
/// <param name="Q">Only those that match this filter before or after: docs/filter.md.</param>
/// <param name="Sort">growth (the default), shrinkage, magnitude or place.</param>
internal sealed record DiffParameters(string? Metric, long? MinDelta, string? Category, string? Change, string? Q, string? Sort)
{
    /// <summary>What is asked for.</summary>
    /// <returns>What is wrong with it as a sentence, or null.</returns>
    public string? ToQuery(out DiffQuery query)
    {
        query = new DiffQuery();
        if (NamedParameter.Read<RegionMetric>(Metric, "metric", out var metric) is { } wrongMetric)
        {
            return wrongMetric;
        }
        if (NamedParameter.Read<RegionChange>(Change, "change", out var change) is { } wrongChange)
        {
            return wrongChange;
        }
        if (NamedParameter.Read<DiffOrder>(Sort, "sort", out var order) is { } wrongOrder)
        {
            return wrongOrder;
        }
        if (change == RegionChange.Same)
        {
            return "change is one of added, removed, grown, shrunk, changed: what stayed the same is not listed.";
        }
        if (MinDelta < 0)
        {
            return "minDelta is 0 or more: it counts growth and shrinkage alike.";
        }
        RegionCategory? category = null;
        if (!string.IsNullOrEmpty(Category))
        {
            if (!RegionCategories.TryParse(Category, out var parsed))
            {
                return $"There is no category {Category}: take one of {string.Join(", ", RegionCategories.All.Select(c => c.DisplayName()))}.";
            }
            category = parsed;
        }
        query = new DiffQuery
        {
            Metric = metric ?? RegionMetric.Size,
            MinDelta = MinDelta ?? 0,
            Category = category,
            Change = change,
            Filter = string.IsNullOrEmpty(Q) ? null : RegionFilter.Parse(Q),
            Order = order ?? DiffOrder.Growth,
        };
        return null;
    }
}
