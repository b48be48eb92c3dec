using WebVmMap.Core.Recordings;
using WebVmMap.Hub.Recordings;

namespace WebVmMap.Hub.Components.Recordings;

/// <summary>Everything a person has chosen about how to look at a recording: what the address holds beside which one it is. Immutable.</summary>
public sealed record RecordingViewState
{
    /// <summary>How a recording is shown before anything is chosen.</summary>
    public static RecordingViewState Default { get; } = new();

    /// <summary>The span and how its stacks are put together.</summary>
    public CallTreeQuestion Question { get; init; } = CallTreeQuestion.Whole;

    /// <summary>The figure of shares and of the flame graph's widths.</summary>
    public AllocationMetric Metric { get; init; } = AllocationMetric.LiveBytes;

    /// <summary>Whether the flame graph's colours show growth; else modules.</summary>
    public bool ByGrowth { get; init; }

    /// <summary>The filter box's text.</summary>
    public string Filter { get; init; } = "";

    /// <summary>Token of the selected call; empty for none.</summary>
    public string Selection { get; init; } = "";

    /// <summary>Token of the call that fills the flame graph's width; empty for all.</summary>
    public string Zoom { get; init; } = "";

    /// <summary>The function whose callers and callees stand in the call tree's place; null for the call tree.</summary>
    public CallFocus? Focus { get; init; }

    /// <summary>Whether the sizes of blocks stand in the call tree's place.</summary>
    public bool BySize { get; init; }

    /// <summary>The place in a source file that stands in the call tree's place; null for none.</summary>
    public SourcePlace? Source { get; init; }

    /// <summary>Which live blocks come first, where these stand in the place of the health; null for the health.</summary>
    public BlockOrder? Blocks { get; init; }

    /// <summary>How the call tree is ordered; null by <see cref="Metric"/>.</summary>
    public CallSort? Sort { get; init; }

    /// <summary>The order that is in force.</summary>
    public CallSort Order => Sort ?? new(Metric, true);

    /// <summary>Whether the flame graph's colours show growth: always between two spans.</summary>
    public bool ShowsGrowth => ByGrowth || Question.IsCompared;

    /// <summary>Whether a span is chosen.</summary>
    public bool HasSpan => Question.From.Length + Question.To.Length > 0;

    /// <summary>The same with another question: where the stacks are other ones, what is selected and zoomed to is no more.</summary>
    public RecordingViewState Ask(CallTreeQuestion question) => question.HasStacksOf(Question)
        ? this with { Question = question }
        : this with { Question = question, Selection = "", Zoom = "" };

    /// <summary>One step back: the source text, then the callers and callees, then the selection, then the filter, then the zoom, then the span. The same object when there is nothing left to undo.</summary>
    public RecordingViewState StepBack() =>
        Source is not null ? this with { Source = null }
        : Focus is not null ? this with { Focus = null }
        : BySize ? this with { BySize = false }
        : Selection.Length > 0 ? this with { Selection = "" }
        : Question.Size is not null ? Ask(Question with { Size = null })
        : Filter.Length > 0 ? this with { Filter = "" }
        : Zoom.Length > 0 ? this with { Zoom = "" }
        : HasSpan ? this with { Question = Question with { From = "", To = "" } }
        : Question.IsCompared ? this with { Question = Question with { BaseFrom = "", BaseTo = "" } }
        : this;
}
