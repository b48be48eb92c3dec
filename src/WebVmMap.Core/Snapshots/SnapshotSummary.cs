using System.Collections.Immutable;
using WebVmMap.Core.Processes;
using WebVmMap.Core.Regions;

namespace WebVmMap.Core.Snapshots;

/// <summary>
/// Sums by category. What holds in every summary: each column of Total is the sum of the rows but Free; Total WS =
/// Private WS + Shareable WS; Reserved = Size - Committed. Immutable.
/// </summary>
public sealed record SnapshotSummary
{
    /// <summary>One row for each category, in their order, empty ones too; last, where the system keeps a counter to
    /// balance against and it differs, a row <c>Unaccounted</c>.</summary>
    public required ImmutableArray<SummaryRow> Rows { get; init; }

    /// <summary>Everything but Free.</summary>
    public required SummaryRow Total { get; init; }

    /// <summary>The row of one category.</summary>
    public SummaryRow this[RegionCategory category] => Rows[(int)category - 1];

    /// <summary>Sums the rows of a table.</summary>
    /// <param name="regions">All regions, gaps included.</param>
    /// <param name="counters">The system's own figures: they give the Page Table row and what Private is balanced against.</param>
    /// <param name="platform">Page tables count as private working set on Windows, as VMMap has it; Linux keeps them outside VmRSS.</param>
    public static SnapshotSummary Of(RegionTable regions, ProcessCounters counters, HostPlatform platform)
    {
        var sums = new long[RegionCategories.Length, RegionTable.StoredMetrics];
        var blocks = new int[RegionCategories.Length];
        var largest = new long[RegionCategories.Length];
        var categories = regions.Categories;
        for (var row = 0; row < regions.Count; row++)
        {
            var category = (int)categories[row];
            blocks[category]++;
            largest[category] = Math.Max(largest[category], regions.Sizes[row]);
        }
        for (var metric = 0; metric < RegionTable.StoredMetrics; metric++)
        {
            var column = regions.Column((RegionMetric)metric);
            for (var row = 0; row < column.Length; row++)
            {
                sums[(int)categories[row], metric] += column[row];
            }
        }
        AddPageTable(sums, counters.PageTable ?? 0, platform);

        var rows = ImmutableArray.CreateBuilder<SummaryRow>();
        var total = new long[RegionTable.StoredMetrics];
        foreach (var category in RegionCategories.All)
        {
            var c = (int)category;
            if (category == RegionCategory.PageTable && sums[c, 0] > 0)
            {
                blocks[c] = 1;
                largest[c] = sums[c, 0];
            }
            rows.Add(Row(category.DisplayName(), metric => sums[c, metric], blocks[c], largest[c]));
            for (var metric = 0; category != RegionCategory.Free && metric < total.Length; metric++)
            {
                total[metric] += sums[c, metric];
            }
        }
        if (counters.PrivateCommit is { } commit && commit != total[(int)RegionMetric.Private])
        {
            var missing = commit - total[(int)RegionMetric.Private];
            rows.Add(Row("Unaccounted", metric => metric == (int)RegionMetric.Private ? missing : 0, 0, 0));
            total[(int)RegionMetric.Private] = commit;
        }
        var counted = RegionCategories.All.Where(c => c != RegionCategory.Free);
        return new SnapshotSummary
        {
            Rows = rows.ToImmutable(),
            Total = Row("Total", metric => total[metric], counted.Sum(c => blocks[(int)c]), counted.Max(c => largest[(int)c])),
        };
    }

    private static void AddPageTable(long[,] sums, long bytes, HostPlatform platform)
    {
        const int Row = (int)RegionCategory.PageTable;
        sums[Row, (int)RegionMetric.Size] = bytes;
        sums[Row, (int)RegionMetric.Committed] = bytes;
        sums[Row, (int)RegionMetric.Private] = bytes;
        sums[Row, (int)RegionMetric.PrivateWs] = platform == HostPlatform.Windows ? bytes : 0;
    }

    private static SummaryRow Row(string name, Func<int, long> value, int blocks, long largest) => new(
        name, value(0), value(1), value(2), value(3), value(4), value(5), value(6), value(7), value(8), blocks, largest);
}
