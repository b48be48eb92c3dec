using Microsoft.JSInterop;

namespace WebVmMap.Hub.Components.Interop;

/// <summary>
/// What a module of the browser draws for a component: made once, told of changes, and let go of with the component, also when that
/// ends while the module is on its way. One per component, on its circuit's context.
/// </summary>
/// <param name="js">The browser.</param>
/// <param name="modulePath">Path of the module, as <c>./js/x.js</c>.</param>
internal sealed class ModuleView(IJSRuntime js, string modulePath) : IAsyncDisposable
{
    private IJSObjectReference? _module;
    private IJSObjectReference? _view;
    private bool _disposed;

    /// <summary>Whether there is a view to tell of changes.</summary>
    public bool IsOpen => _view is not null && !_disposed;

    /// <summary>Has the module loaded and its view made.</summary>
    /// <param name="create">Asks the module for the view; not called when the component has ended by then.</param>
    /// <returns>False when there is nobody left to show it to.</returns>
    /// <exception cref="JSException">The browser cannot draw it.</exception>
    public async Task<bool> OpenAsync(Func<IJSObjectReference, ValueTask<IJSObjectReference>> create)
    {
        try
        {
            var module = await js.InvokeAsync<IJSObjectReference>("import", modulePath);
            if (_disposed)
            {
                await JsDisposal.DisposeQuietlyAsync(module);
                return false;
            }
            _module = module;
            var view = await create(module);
            if (_disposed)
            {
                await JsDisposal.CloseQuietlyAsync(view);
                return false;
            }
            _view = view;
            return true;
        }
        catch (Exception ex) when (IsOver(ex))
        {
            return false;
        }
    }

    /// <summary>Calls a function of the view; nothing while there is none.</summary>
    public async Task CallAsync(string function, params object?[] arguments)
    {
        if (!IsOpen)
        {
            return;
        }
        try
        {
            await _view!.InvokeVoidAsync(function, arguments);
        }
        catch (Exception ex) when (IsOver(ex))
        {
            // Nobody is looking any more.
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _disposed = true;
        await JsDisposal.CloseQuietlyAsync(_view);
        await JsDisposal.DisposeQuietlyAsync(_module);
    }

    // The tab is closed, or the component ended meanwhile: then its element is gone and the module rightly complains.
    private bool IsOver(Exception exception) => _disposed || exception is JSDisconnectedException or OperationCanceledException;
}
