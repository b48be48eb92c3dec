using WebVmMap.Core.Regions;
using WebVmMap.Hub.Components.Views;

namespace WebVmMap.Hub.Components.Compare;

/// <summary>
/// Everything a person has chosen about how to look at two snapshots: what the URL holds beside which two they are. Immutable.
/// </summary>
public sealed record DiffState
{
    /// <summary>How a difference is shown before anything is chosen.</summary>
    public static DiffState Default { get; } = new();

    /// <summary>The thresholds to choose from, in bytes; 0 hides nothing.</summary>
    public static IReadOnlyList<long> Thresholds { get; } = [0, 4 << 10, 64 << 10, 1 << 20, 16 << 20];

    /// <summary>Which picture: treemap or address map.</summary>
    public PictureView View { get; init; } = PictureView.Treemap;

    /// <summary>Which side the picture shows.</summary>
    public DiffSide Side { get; init; } = DiffSide.Difference;

    /// <summary>Whether the area of a box is what changed, not the larger of before and after.</summary>
    public bool OnlyChanges { get; init; }

    /// <summary>The figure that is compared.</summary>
    public RegionMetric Metric { get; init; } = RegionMetric.Committed;

    /// <summary>The filter box's text.</summary>
    public string Filter { get; init; } = "";

    /// <summary>The chosen category, null for all.</summary>
    public RegionCategory? Category { get; init; }

    /// <summary>Allocations in which nothing changed by this many bytes are hidden.</summary>
    public long Threshold { get; init; }

    /// <summary>Whether what stayed the same shows too.</summary>
    public bool ShowSame { get; init; }

    /// <summary>What is selected, the last chosen at the end.</summary>
    public SelectionTokens Selection { get; init; } = SelectionTokens.None;

    /// <summary>Where the picture is zoomed to: a token of the canvas, empty for all.</summary>
    public string Zoom { get; init; } = "";

    /// <summary>How the changes are ordered.</summary>
    public DiffSort Sort { get; init; } = DiffSort.Default;

    /// <summary>One step back: the selection, then the category, then the filter, then the zoom. The same object when there is nothing left to undo.</summary>
    public DiffState StepBack() =>
        !Selection.IsEmpty ? this with { Selection = SelectionTokens.None }
        : Category is not null ? this with { Category = null }
        : Filter.Length > 0 ? this with { Filter = "" }
        : Zoom.Length > 0 ? this with { Zoom = "" }
        : this;
}
