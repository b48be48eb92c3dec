using System.Globalization;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;
using WebVmMap.Core.Processes;
using WebVmMap.Core.Regions;
using WebVmMap.Hub.Components.Interop;
using WebVmMap.Hub.Components.Layout;
using WebVmMap.Hub.Components.Views;

namespace WebVmMap.Hub.Components.Controls;

/// <summary>
/// Treemap and address map, drawn by <c>/js/regions-view.js</c>. Gives it the view state and takes selection and zoom back;
/// to look at another source, make another one (by <c>@key</c>).
/// </summary>
public sealed partial class RegionCanvas : IAsyncDisposable
{
    private ElementReference _root;
    private DotNetObjectReference<CanvasEvents>? _events;
    private IJSObjectReference? _module;
    private IJSObjectReference? _view;
    private Dictionary<string, object> _sent = [];
    private bool _disposed;
    private bool _failed;

    [Inject]
    private IJSRuntime Js { get; set; } = null!;

    [Inject]
    private ILogger<RegionCanvas> Logger { get; set; } = null!;

    [CascadingParameter]
    private Shell? Shell { get; set; }

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

    /// <summary>Ids of the tables that tell the same.</summary>
    [Parameter]
    public string DescribedBy { get; set; } = "";

    /// <summary>A box was chosen; its token, empty for none.</summary>
    [Parameter]
    public EventCallback<string> OnSelect { get; set; }

    /// <summary>The picture was zoomed; the token of where to, empty for all.</summary>
    [Parameter]
    public EventCallback<string> OnZoom { get; set; }

    /// <summary>How the canvas's own connection fares, at most once a second.</summary>
    [Parameter]
    public EventCallback<CanvasStatus> OnStatus { get; set; }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _disposed = true;
        if (Shell is not null)
        {
            Shell.Changed -= ThemeChanged;
        }
        await JsDisposal.CloseQuietlyAsync(_view);
        await JsDisposal.DisposeQuietlyAsync(_module);
        _events?.Dispose();
    }

    /// <inheritdoc/>
    protected override void OnInitialized()
    {
        if (Shell is not null)
        {
            Shell.Changed += ThemeChanged;
        }
    }

    /// <inheritdoc/>
    protected override bool ShouldRender() => _failed;

    /// <inheritdoc/>
    protected override Task OnParametersSetAsync() => SendChangesAsync();

    /// <inheritdoc/>
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (!firstRender)
        {
            return;
        }
        _events = DotNetObjectReference.Create(new CanvasEvents(
            token => InvokeAsync(() => OnSelect.InvokeAsync(token)),
            token => InvokeAsync(() => OnZoom.InvokeAsync(token)),
            status => InvokeAsync(() => OnStatus.InvokeAsync(status))));
        try
        {
            _module = await Js.InvokeAsync<IJSObjectReference>("import", "./js/regions-view.js");
            _sent = Describe();
            var view = await _module.InvokeAsync<IJSObjectReference>("create", _root, _events, new { source = DescribeSource(), state = _sent });
            _view = view;
            if (_disposed)
            {
                await JsDisposal.CloseQuietlyAsync(view);
                return;
            }
            // The state may have changed while the module was on its way.
            await SendChangesAsync();
        }
        catch (Exception ex) when (ex is JSDisconnectedException or OperationCanceledException)
        {
            // The tab was closed while the module was on its way.
        }
        catch (JSException ex)
        {
            // The tables tell the same, so the page goes on without its picture and says so.
            Logger.LogError(ex, "The canvas did not start.");
            _failed = true;
            StateHasChanged();
        }
    }

    private void ThemeChanged() => _ = InvokeAsync(SendChangesAsync);

    private async Task SendChangesAsync()
    {
        if (_view is null)
        {
            return;
        }
        var state = Describe();
        var changes = state.Where(pair => !pair.Value.Equals(_sent[pair.Key])).ToDictionary();
        _sent = state;
        if (changes.Count > 0)
        {
            try
            {
                await _view.InvokeVoidAsync("update", changes);
            }
            catch (Exception ex) when (ex is JSDisconnectedException or OperationCanceledException)
            {
                // Nobody is looking any more.
            }
        }
    }

    // Interval 0 asks for nothing of its own: the page's lease sets the pace, and the canvas gets every pass that it brings.
    private object DescribeSource() => Source.Live is { } live
        ? new { host = live.HostId, pid = live.Pid, start = live.StartStamp.ToString(CultureInfo.InvariantCulture), intervalMs = 0 }
        : new { snapshot = Source.SnapshotId };

    private Dictionary<string, object> Describe() => new()
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
        ["theme"] = Shell?.IsDark == true ? "dark" : "light",
        ["platform"] = Platform == HostPlatform.Windows ? "windows" : "linux",
    };
}
