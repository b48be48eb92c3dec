using WebVmMap.Core.Regions;
using WebVmMap.Hub.Components.Details;

namespace WebVmMap.Hub.Components.Views;

/// <summary>
/// Everything a person has chosen about how to look at a process: what the URL holds, so that a reload or a pasted link shows
/// the same picture. The theme is not part of it: it belongs to the one who looks. Immutable.
/// </summary>
public sealed record ViewState
{
    /// <summary>How a process is shown before anything is chosen.</summary>
    public static ViewState Default { get; } = new();

    /// <summary>Which picture.</summary>
    public PictureView View { get; init; } = PictureView.Treemap;

    /// <summary>What the area of a box, and the fill of the address map, stands for.</summary>
    public RegionMetric Area { get; init; } = RegionMetric.TotalWs;

    /// <summary>What colour stands for.</summary>
    public RegionColouring Colour { get; init; } = RegionColouring.Category;

    /// <summary>The filter box's text.</summary>
    public string Filter { get; init; } = "";

    /// <summary>The chosen category, null for all.</summary>
    public RegionCategory? Category { get; init; }

    /// <summary>What is selected, the last chosen at the end.</summary>
    public SelectionTokens Selection { get; init; } = SelectionTokens.None;

    /// <summary>Where the picture is zoomed to: a token of the canvas, empty for all.</summary>
    public string Zoom { get; init; } = "";

    /// <summary>How the details are ordered.</summary>
    public DetailsSort Sort { get; init; } = DetailsSort.Default;

    /// <summary>Whether free address space is shown.</summary>
    public bool ShowFree { get; init; }

    /// <summary>Interval of sampling in milliseconds; 0 is by hand. Means nothing for a kept snapshot.</summary>
    public int IntervalMs { get; init; } = DefaultIntervalMs;

    /// <summary>What the timeline shows: Committed, Private or Total WS.</summary>
    public RegionMetric Timeline { get; init; } = RegionMetric.TotalWs;

    /// <summary>The interval before one is chosen.</summary>
    public const int DefaultIntervalMs = 2000;

    /// <summary>The intervals to choose from, in milliseconds; 0 is by hand.</summary>
    public static IReadOnlyList<int> Intervals { get; } = [1000, 2000, 5000, 10000, 0];

    /// <summary>One step back: the selection, then the category, then the filter, then the zoom. The same object when there is nothing left to undo.</summary>
    public ViewState StepBack() =>
        !Selection.IsEmpty ? this with { Selection = SelectionTokens.None }
        : Category is not null ? this with { Category = null }
        : Filter.Length > 0 ? this with { Filter = "" }
        : Zoom.Length > 0 ? this with { Zoom = "" }
        : this;
}
