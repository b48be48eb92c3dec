using WebVmMap.Core.Regions;

namespace WebVmMap.Hub.Components.Views;

/// <summary>The metrics' names: for people, in URLs and towards the canvas, and what each one means.</summary>
public static class MetricNames
{
    private static readonly Dictionary<RegionMetric, MetricName> s_names = new()
    {
        [RegionMetric.Size] = new("size", "Size", "Address space taken."),
        [RegionMetric.Reserved] = new("reserved", "Reserved", "Size minus Committed: address space with nothing behind it."),
        [RegionMetric.Committed] = new("committed", "Committed", "The part backed by memory, swap or a mapped file."),
        [RegionMetric.Private] = new("private", "Private", "The part charged to this process alone."),
        [RegionMetric.TotalWs] = new("totalWs", "Total WS", "Resident in memory: Private WS + Shareable WS."),
        [RegionMetric.PrivateWs] = new("privateWs", "Private WS", "Resident, and only this process can use it."),
        [RegionMetric.ShareableWs] = new("shareableWs", "Shareable WS", "Resident, and other processes could map it too."),
        [RegionMetric.SharedWs] = new("sharedWs", "Shared WS", "The part of Shareable WS that another process has mapped now."),
        [RegionMetric.LockedWs] = new("lockedWs", "Locked WS", "Resident and locked there."),
        [RegionMetric.Pss] = new("pss", "PSS", "Proportional set size: shared pages divided by how many processes map them."),
        [RegionMetric.Swap] = new("swap", "Swap", "Swapped out."),
    };

    /// <summary>The names of a metric.</summary>
    public static MetricName Of(RegionMetric metric) => s_names[metric];

    /// <summary>Finds a metric by its key.</summary>
    /// <returns>False when there is none of that key.</returns>
    public static bool TryParse(string? key, out RegionMetric metric)
    {
        foreach (var (candidate, name) in s_names)
        {
            if (name.Key.Equals(key, StringComparison.OrdinalIgnoreCase))
            {
                metric = candidate;
                return true;
            }
        }
        metric = default;
        return false;
    }
}
