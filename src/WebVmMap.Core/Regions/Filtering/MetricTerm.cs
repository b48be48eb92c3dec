using WebVmMap.Core.Processes;

namespace WebVmMap.Core.Regions.Filtering;

/// <summary><c>ws&gt;1MiB</c>, <c>&lt;64KiB</c>: a figure compared with a number of bytes.</summary>
/// <param name="metric">Which figure.</param>
/// <param name="comparison">How.</param>
/// <param name="bytes">A double, as in the browser; figures below 2^53 are exact in it.</param>
internal sealed class MetricTerm(RegionMetric metric, Comparison comparison, double bytes) : FilterTerm
{
    public override bool Matches(RegionTable table, int row, HostPlatform platform)
    {
        double value = table.Value(metric, row);
        return comparison switch
        {
            Comparison.Above => value > bytes,
            Comparison.Below => value < bytes,
            Comparison.AtLeast => value >= bytes,
            Comparison.AtMost => value <= bytes,
            _ => value == bytes,
        };
    }
}
