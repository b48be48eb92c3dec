using System.Collections.Immutable;
using WebVmMap.Core.Snapshots;

namespace WebVmMap.Core.Diffs;

/// <summary>
/// The summaries of two snapshots side by side. For each category that regions have, but Free and Unusable, a delta is the
/// sum over the rows of the diff. Free and Unusable follow from what lies between; Page Table and Unaccounted from the system's
/// own counters. Immutable.
/// </summary>
public sealed record DiffSummary
{
    /// <summary>The rows of both, in their order; a row that only one of them has (<c>Unaccounted</c>) is 0 in the other.</summary>
    public required ImmutableArray<DiffSummaryRow> Rows { get; init; }

    /// <summary>Everything but Free.</summary>
    public required DiffSummaryRow Total { get; init; }

    /// <summary>Sets two summaries side by side.</summary>
    public static DiffSummary Between(SnapshotSummary before, SnapshotSummary after)
    {
        var rows = ImmutableArray.CreateBuilder<DiffSummaryRow>();
        foreach (var name in before.Rows.Select(row => row.Name).Union(after.Rows.Select(row => row.Name)))
        {
            rows.Add(new DiffSummaryRow(name, Find(before, name), Find(after, name)));
        }
        return new DiffSummary { Rows = rows.ToImmutable(), Total = new DiffSummaryRow("Total", before.Total, after.Total) };
    }

    private static SummaryRow Find(SnapshotSummary summary, string name) =>
        summary.Rows.FirstOrDefault(row => row.Name == name) ?? new SummaryRow(name, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
}
