using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;
using WebVmMap.Core.Recordings;
using WebVmMap.Hub.Components.Controls;

namespace WebVmMap.Hub.Components.Recordings;

/// <summary>
/// The flame graph of a recording, drawn by <c>/js/flame-view.js</c>, which gets the call tree from <c>/live</c>, or by a link from
/// <c>/live/share</c>, and not through the page's connection.
/// </summary>
public sealed partial class FlameCanvas
{
    /// <summary>Id of the recording; to look at another one, make another canvas (by <c>@key</c>).</summary>
    [Parameter, EditorRequired]
    public required string RecordingId { get; set; }

    /// <summary>The secret of the link that it is seen by; null for those who are signed in.</summary>
    [Parameter]
    public string? ShareSecret { get; set; }

    /// <summary>What to draw of it, and how.</summary>
    [Parameter, EditorRequired]
    public required RecordingViewState State { get; set; }

    /// <summary>Whether it holds still.</summary>
    [Parameter]
    public bool Paused { get; set; }

    /// <inheritdoc/>
    protected override string ModulePath => "./js/flame-view.js";

    /// <inheritdoc/>
    protected override ValueTask<IJSObjectReference> CreateAsync(IJSObjectReference script, DotNetObjectReference<CanvasEvents> events, Dictionary<string, object> state) =>
        script.InvokeAsync<IJSObjectReference>("create", Root, events, ShareSecret is { } share ? (object)new { share } : new { recording = RecordingId }, state);

    /// <inheritdoc/>
    protected override Dictionary<string, object> DescribeState() => new()
    {
        ["tree"] = State.Question.Format(),
        ["figure"] = MetricWords.Key(State.Metric),
        ["colour"] = State.ShowsGrowth ? "growth" : "module",
        ["search"] = State.Filter,
        ["selection"] = State.Selection,
        ["zoom"] = State.Zoom,
        ["paused"] = Paused,
        ["theme"] = ThemeName,
        ["bottomUp"] = State.Question.View == CallTreeView.BottomUp,
    };
}
