using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;
using WebVmMap.Hub.Components.Grid;
using WebVmMap.Hub.Components.Theme;

namespace WebVmMap.Hub.Components.Interop;

/// <summary>
/// What pages ask of the browser, all of it small, in the modules <c>/js/app.js</c>, <c>/js/theme.js</c> and <c>/js/grid.js</c>.
/// A browser that is gone is no error: nothing is left to do for it. One per circuit.
/// </summary>
public sealed class PageInterop(IJSRuntime js) : IAsyncDisposable
{
    private readonly Dictionary<string, Task<IJSObjectReference>> _modules = [];

    /// <summary>Puts text on the clipboard.</summary>
    /// <returns>False when the browser refused.</returns>
    public async Task<bool> CopyAsync(string text) => await InvokeAsync<bool>("app", "copy", text);

    /// <summary>Scrolls an element so that what it holds stands in its middle; does nothing where it holds no such thing.</summary>
    /// <param name="scroll">The element, which scrolls.</param>
    /// <param name="selector">What is to be seen.</param>
    public async Task CentreAsync(ElementReference scroll, string selector) => await InvokeAsync<object>("app", "centre", scroll, selector);

    /// <summary>Puts a path and query of this site into the address line, without a step in the history.</summary>
    public async Task ReplaceUrlAsync(string url) => await InvokeAsync<object>("app", "replaceUrl", url);

    /// <summary>Gives the session back to the hub and leaves the page.</summary>
    public async Task SignOutAsync() => await InvokeAsync<object>("app", "signOut");

    /// <summary>Applies a theme to the page and keeps the choice in the cookie.</summary>
    /// <returns>Whether the page is dark now.</returns>
    public async Task<bool> SetThemeAsync(ThemeChoice choice) => await InvokeAsync<string>("theme", "set", ThemeCookie.Format(choice)) == "dark";

    /// <summary>Puts the kept choice of theme in force.</summary>
    /// <returns>Whether the page is dark now.</returns>
    public async Task<bool> ApplyThemeAsync() => await InvokeAsync<string>("theme", "apply") == "dark";

    /// <summary>Has <see cref="BrowserEvents.OnSystemTheme"/> called when the system's theme changes.</summary>
    public async Task<IJSObjectReference?> WatchThemeAsync(DotNetObjectReference<BrowserEvents> events) =>
        await InvokeAsync<IJSObjectReference>("theme", "watch", events);

    /// <summary>Has <see cref="BrowserEvents.OnHotkey"/> called for keys that are not typed into a field.</summary>
    public async Task<IJSObjectReference?> WatchHotkeysAsync(DotNetObjectReference<BrowserEvents> events) =>
        await InvokeAsync<IJSObjectReference>("app", "hotkeys", events);

    /// <summary>Lets a grid's navigation keys move its active row instead of the page, keeps its rows in place, and tells when it is read.</summary>
    /// <param name="grid">The grid's root, which scrolls.</param>
    /// <param name="events">Whom to tell.</param>
    public async Task<IJSObjectReference?> BindGridAsync(ElementReference grid, DotNetObjectReference<GridEvents> events) =>
        await InvokeAsync<IJSObjectReference>("grid", "bind", grid, events);

    /// <summary>Scrolls a grid by as little as brings a row into sight.</summary>
    /// <param name="grid">The grid's root, which scrolls.</param>
    /// <param name="index">The row.</param>
    /// <param name="rowHeight">Height of each row in CSS pixels.</param>
    public async Task ScrollRowIntoViewAsync(ElementReference grid, int index, int rowHeight) =>
        await InvokeAsync<object>("grid", "scrollRowIntoView", grid, index, rowHeight);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var module in _modules.Values.Where(m => m.IsCompletedSuccessfully))
        {
            await JsDisposal.DisposeQuietlyAsync(await module);
        }
    }

    private async Task<T?> InvokeAsync<T>(string module, string function, params object?[] arguments)
    {
        try
        {
            if (!_modules.TryGetValue(module, out var loading))
            {
                _modules.Add(module, loading = js.InvokeAsync<IJSObjectReference>("import", $"./js/{module}.js").AsTask());
            }
            return await (await loading).InvokeAsync<T>(function, arguments);
        }
        catch (Exception ex) when (ex is JSDisconnectedException or OperationCanceledException or ObjectDisposedException)
        {
            return default;
        }
    }
}
