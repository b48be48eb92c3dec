using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;
using WebVmMap.Hub.Components.Interop;
using WebVmMap.Hub.Components.Layout;

namespace WebVmMap.Hub.Components.Controls;

/// <summary>
/// A picture that a module of the browser draws. Rendered once: what changes of its state goes to the module, selection and zoom
/// come back.
/// </summary>
public abstract class PictureCanvas : ComponentBase, IAsyncDisposable
{
    private DotNetObjectReference<CanvasEvents>? _events;
    private ModuleView? _view;
    private Dictionary<string, object>? _sent;

    [Inject]
    private IJSRuntime Js { get; set; } = null!;

    [Inject]
    private ILoggerFactory Loggers { get; set; } = null!;

    [CascadingParameter]
    private Shell? Shell { get; set; }

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

    /// <summary>The element that it is drawn into.</summary>
    protected ElementReference Root { get; set; }

    /// <summary>Whether the browser could not draw it.</summary>
    protected bool Failed { get; private set; }

    /// <summary>The word for the theme, towards the module.</summary>
    protected string ThemeName => Shell?.IsDark == true ? "dark" : "light";

    /// <summary>Path of the module.</summary>
    protected abstract string ModulePath { get; }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (Shell is not null)
        {
            Shell.Changed -= ThemeChanged;
        }
        if (_view is not null)
        {
            await _view.DisposeAsync();
        }
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
    protected override bool ShouldRender() => Failed;

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
        _view = new ModuleView(Js, ModulePath);
        try
        {
            var isOpen = await _view.OpenAsync(module =>
            {
                _sent = DescribeState();
                return CreateAsync(module, _events, _sent);
            });
            if (isOpen)
            {
                // The state may have changed while the module was on its way.
                await SendChangesAsync();
            }
        }
        catch (JSException ex)
        {
            // The tables tell the same, so the page goes on without its picture and says so.
            Loggers.CreateLogger(GetType()).LogError(ex, "The canvas did not start.");
            Failed = true;
            StateHasChanged();
        }
    }

    /// <summary>Has the module make its view inside <see cref="Root"/>.</summary>
    protected abstract ValueTask<IJSObjectReference> CreateAsync(IJSObjectReference script, DotNetObjectReference<CanvasEvents> events, Dictionary<string, object> state);

    /// <summary>All that the module is told, by the names it knows; always the same keys.</summary>
    protected abstract Dictionary<string, object> DescribeState();

    private void ThemeChanged() => _ = InvokeAsync(SendChangesAsync);

    private async Task SendChangesAsync()
    {
        if (_view is not { IsOpen: true } || _sent is null)
        {
            return;
        }
        var state = DescribeState();
        var changes = state.Where(pair => !pair.Value.Equals(_sent[pair.Key])).ToDictionary();
        _sent = state;
        if (changes.Count > 0)
        {
            await _view.CallAsync("update", changes);
        }
    }
}
