using System.Globalization;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;
using WebVmMap.Core.Processes;
using WebVmMap.Core.Regions;
using WebVmMap.Hub.Components.Views;

namespace WebVmMap.Hub.Components.Controls;

/// <summary>
/// Treemap and address map, drawn by <c>/js/regions-view.js</c>. Gives it the view state and takes selection and zoom back;
/// to look at another source, make another one (by <c>@key</c>).
/// </summary>
public sealed partial class RegionCanvas
{
    /// <summary>What to draw.</summary>
    [Parameter, EditorRequired]
    public required RegionSource Source { get; set; }

    /// <summary>How to draw it.</summary>
    [Parameter, EditorRequired]
    public required ViewState State { get; set; }

    /// <summary>Which system the regions are of.</summary>
    [Parameter]
    public HostPlatform Platform { get; set; }

    /// <summary>Whether the picture holds still.</summary>
    [Parameter]
    public bool Paused { get; set; }

    /// <inheritdoc/>
    protected override string ModulePath => "./js/regions-view.js";

    /// <inheritdoc/>
    protected override ValueTask<IJSObjectReference> CreateAsync(IJSObjectReference script, DotNetObjectReference<CanvasEvents> events, Dictionary<string, object> state) =>
        script.InvokeAsync<IJSObjectReference>("create", Root, events, new { source = DescribeSource(), state });

    /// <inheritdoc/>
    protected override Dictionary<string, object> DescribeState() => new()
    {
        ["view"] = State.View == PictureView.AddressMap ? "map" : "treemap",
        ["area"] = MetricNames.Of(State.Area).Key,
        ["colour"] = ViewStateUrl.Text(State.Colour),
        ["filter"] = State.Filter,
        ["category"] = State.Category?.DisplayName() ?? "",
        ["selection"] = State.Selection.Last,
        ["zoom"] = State.Zoom,
        ["showFree"] = State.ShowFree,
        ["paused"] = Paused,
        ["theme"] = ThemeName,
        ["platform"] = Platform == HostPlatform.Windows ? "windows" : "linux",
    };

    // Interval 0 asks for nothing of its own: the page's lease sets the pace, and the canvas gets every pass that it brings.
    private object DescribeSource() => Source.Live is { } live
        ? new { host = live.HostId, pid = live.Pid, start = live.StartStamp.ToString(CultureInfo.InvariantCulture), intervalMs = 0 }
        : Source.ShareSecret is { } share ? new { share }
        : new { snapshot = Source.SnapshotId };
}
