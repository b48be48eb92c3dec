using WebVmMap.Core.Diffs;
using WebVmMap.Hub.Components.Views;

namespace WebVmMap.Hub.Components.Compare;

/// <summary>From a comparison to the page of one of its snapshots, with the same selection, category, filter and figure.</summary>
public static class SideUrl
{
    /// <summary>The path and query.</summary>
    /// <param name="id">Id of the snapshot.</param>
    /// <param name="side">Which one it is; a difference is none.</param>
    /// <param name="diff">The comparison.</param>
    /// <param name="state">How it is looked at.</param>
    public static string Of(string id, DiffSide side, SnapshotDiff diff, DiffState state)
    {
        var view = ViewState.Default with
        {
            View = state.View,
            Area = state.Metric,
            Category = state.Category,
            Filter = state.Filter,
            Selection = SelectionTokens.Of(state.Selection.Tokens.Select(token => Translate(token, side, diff.Regions)).OfType<string>()),
        };
        var query = ViewStateUrl.Format(view, ViewState.Default);
        return $"/snapshots/{Uri.EscapeDataString(id)}{(query.Length > 0 ? "?" + query : "")}";
    }

    /// <summary>What a token is called in one snapshot's own page; null when it has no such thing.</summary>
    private static string? Translate(string token, DiffSide side, RegionDiff regions)
    {
        if (SelectionTokens.TryReadGroup(token, out _, out _))
        {
            return token;
        }
        if (DiffLookup.Of(regions).Find(token, out var isAllocation) is not (>= 0 and var row))
        {
            return null;
        }
        var (first, end) = (row, row + 1);
        if (isAllocation)
        {
            var allocation = regions.AllocationOf(row);
            (first, end) = (regions.FirstRegion[allocation], regions.FirstRegion[allocation + 1]);
        }
        for (var at = first; at < end; at++)
        {
            var address = side == DiffSide.Before
                ? regions.BeforeRows[at] is >= 0 and var before ? regions.Before.Addresses[before] : (ulong?)null
                : regions.AfterRows[at] is >= 0 and var after ? regions.After.Addresses[after] : null;
            if (address is { } found)
            {
                return isAllocation ? SelectionTokens.Allocation(found) : SelectionTokens.Region(found);
            }
        }
        return null;
    }
}
