using WebVmMap.Core.Regions;

namespace WebVmMap.Hub.Components.Compare;

/// <summary>How a person looks at a trend. Immutable.</summary>
public sealed record TrendState
{
    /// <summary>The figure that is followed; Private shows leaks best.</summary>
    public RegionMetric Metric { get; init; } = RegionMetric.Private;
}
