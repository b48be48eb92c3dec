using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;
using WebVmMap.Core.Diffs;
using WebVmMap.Core.Regions;
using WebVmMap.Hub.Components.Controls;
using WebVmMap.Hub.Components.Views;

namespace WebVmMap.Hub.Components.Compare;

/// <summary>
/// Treemap and address map of a difference, drawn by <c>/js/diff-view.js</c>. The difference goes to it once, through the page's own
/// connection, so that who may see the page needs no further right; to look at another one, make another canvas (by <c>@key</c>).
/// </summary>
public sealed partial class DiffCanvas
{
    /// <summary>What to draw.</summary>
    [Parameter, EditorRequired]
    public required SnapshotDiff Diff { get; set; }

    /// <summary>How to draw it.</summary>
    [Parameter, EditorRequired]
    public required DiffState State { get; set; }

    /// <inheritdoc/>
    protected override string ModulePath => "./js/diff-view.js";

    /// <inheritdoc/>
    protected override async ValueTask<IJSObjectReference> CreateAsync(IJSObjectReference script, DotNetObjectReference<CanvasEvents> events, Dictionary<string, object> state)
    {
        var bytes = await Task.Run(() => DiffCodec.Encode(Diff));
        using var stream = new DotNetStreamReference(new MemoryStream(bytes, writable: false));
        return await script.InvokeAsync<IJSObjectReference>("create", Root, events, stream, state);
    }

    /// <inheritdoc/>
    protected override Dictionary<string, object> DescribeState() => new()
    {
        ["view"] = ViewStateUrl.Text(State.View),
        ["side"] = DiffStateUrl.Text(State.Side),
        ["boxes"] = State.OnlyChanges ? "change" : "both",
        ["area"] = MetricNames.Of(State.Metric).Key,
        ["filter"] = State.Filter,
        ["category"] = State.Category?.DisplayName() ?? "",
        ["selection"] = State.Selection.Last,
        ["zoom"] = State.Zoom,
        ["theme"] = ThemeName,
    };
}
