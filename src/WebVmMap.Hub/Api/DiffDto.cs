using System.Text.Json;
using WebVmMap.Hub.Store;

namespace WebVmMap.Hub.Api;

/// <summary>What changed from one snapshot to another.</summary>
/// <param name="Before">The older one.</param>
/// <param name="After">The newer one.</param>
/// <param name="Matching"><c>address</c>, or <c>identity</c> where the address spaces differ: see docs/compare.md.</param>
/// <param name="Summary">By category.</param>
/// <param name="Total">All but Free.</param>
/// <param name="Counts">How many regions changed in which way.</param>
/// <param name="Matches">How many changed regions match what was asked for; the list below may be a page of them.</param>
/// <param name="Regions">Changed regions.</param>
internal sealed record DiffDto(
    SnapshotListItemDto Before, SnapshotListItemDto After, string Matching, IEnumerable<DiffSummaryRowDto> Summary, DiffSummaryRowDto Total,
    DiffCountsDto Counts, int Matches, IEnumerable<DiffRegionDto> Regions)
{
    /// <summary>A diff with some of its rows. They are made one by one while they are written.</summary>
    public static DiffDto Of(StoredSnapshot before, StoredSnapshot after, Core.Diffs.SnapshotDiff diff, int matches, IEnumerable<int> rows) => new(
        SnapshotListItemDto.Of(before),
        SnapshotListItemDto.Of(after),
        JsonNamingPolicy.CamelCase.ConvertName(diff.Matching.ToString()),
        diff.Summary.Rows.Select(DiffSummaryRowDto.Of),
        DiffSummaryRowDto.Of(diff.Summary.Total),
        DiffCountsDto.Of(diff.Regions),
        matches,
        rows.Select(row => DiffRegionDto.Of(diff, row)));
}
