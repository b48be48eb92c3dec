using WebVmMap.Core.Regions;

namespace WebVmMap.Hub.Components.Compare;

/// <summary>Which changes show, and in what order.</summary>
/// <param name="Metric">The figure that is compared.</param>
/// <param name="Filter">The filter box's text; a region matches as it was or as it is.</param>
/// <param name="Category">Only this category; null for all. A region that moved counts with what it has in this one.</param>
/// <param name="Threshold">Allocations in which nothing changed by this many bytes are left out.</param>
/// <param name="ShowSame">Whether what stayed the same shows too.</param>
/// <param name="Sort">The order.</param>
public sealed record ChangeQuery(RegionMetric Metric, string Filter, RegionCategory? Category, long Threshold, bool ShowSame, DiffSort Sort)
{
    /// <summary>What a state asks for.</summary>
    public static ChangeQuery Of(DiffState state) => new(state.Metric, state.Filter, state.Category, state.Threshold, state.ShowSame, state.Sort);
}
