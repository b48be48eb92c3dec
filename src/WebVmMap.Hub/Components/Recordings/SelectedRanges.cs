using System.Collections.Immutable;
using WebVmMap.Core.Snapshots;
using WebVmMap.Hub.Components.Details;
using WebVmMap.Hub.Components.Views;

namespace WebVmMap.Hub.Components.Recordings;

/// <summary>The addresses that a selection means in one snapshot; of nothing selected, those of the chosen category.</summary>
internal static class SelectedRanges
{
    /// <summary>The ranges, rising, neighbours as one; empty when nothing is selected and no category is chosen.</summary>
    public static ImmutableArray<(ulong From, ulong To)> Of(Snapshot snapshot, ViewState state)
    {
        if (state.Selection.IsEmpty && state.Category is null)
        {
            return [];
        }
        var ranges = new List<(ulong From, ulong To)>();
        var selected = state.Selection.IsEmpty ? null : SelectedRegions.Of(snapshot, state.Selection);
        for (var row = 0; row < snapshot.Regions.Count; row++)
        {
            var isIn = selected is null ? snapshot.Regions.Categories[row] == state.Category : selected.ContainsRegion(row);
            if (!isIn)
            {
                continue;
            }
            if (ranges.Count > 0 && ranges[^1].To == snapshot.Regions.Addresses[row])
            {
                ranges[^1] = (ranges[^1].From, snapshot.Regions.End(row));
            }
            else
            {
                ranges.Add((snapshot.Regions.Addresses[row], snapshot.Regions.End(row)));
            }
        }
        return [.. ranges];
    }
}
