using Microsoft.JSInterop;
using WebVmMap.Hub.Components.Interop;

namespace WebVmMap.Components.Tests.Interop;

public sealed class ModuleViewTests : IAsyncDisposable
{
    private readonly Browser _browser = new();
    private readonly Reference _module = new();
    private readonly Reference _view = new();
    private int _created;

    [Fact]
    public async Task Open_ModuleLoads_CallsReachTheViewUntilItIsLetGo()
    {
        var view = new ModuleView(_browser, "./js/x.js");
        await view.CallAsync("early");
        _browser.Module.SetResult(_module);
        Assert.True(await view.OpenAsync(CreateAsync));
        await view.CallAsync("update");
        await view.DisposeAsync();
        await view.CallAsync("late");
        Assert.Equal(["update", "dispose"], _view.Called);
        Assert.True(_view.Disposed && _module.Disposed && !view.IsOpen);
    }

    [Fact]
    public async Task Dispose_WhileTheModuleIsOnItsWay_MakesNoViewAndLetsTheModuleGo()
    {
        var view = new ModuleView(_browser, "./js/x.js");
        var opening = view.OpenAsync(CreateAsync);
        await view.DisposeAsync();
        _browser.Module.SetResult(_module);
        Assert.False(await opening);
        Assert.Equal(0, _created);
        Assert.True(_module.Disposed);
    }

    [Fact]
    public async Task Dispose_WhileTheViewIsMade_ClosesIt()
    {
        var view = new ModuleView(_browser, "./js/x.js");
        var making = new TaskCompletionSource<IJSObjectReference>();
        _browser.Module.SetResult(_module);
        var opening = view.OpenAsync(_ => new ValueTask<IJSObjectReference>(making.Task));
        await view.DisposeAsync();
        making.SetResult(_view);
        Assert.False(await opening);
        Assert.Equal(["dispose"], _view.Called);
        Assert.True(_view.Disposed && _module.Disposed);
    }

    [Fact]
    public async Task Open_ElementGoneWithItsComponent_IsNoError()
    {
        var view = new ModuleView(_browser, "./js/x.js");
        var making = new TaskCompletionSource<IJSObjectReference>();
        _browser.Module.SetResult(_module);
        var opening = view.OpenAsync(_ => new ValueTask<IJSObjectReference>(making.Task));
        await view.DisposeAsync();
        making.SetException(new JSException("Cannot read properties of null"));
        Assert.False(await opening);
    }

    [Fact]
    public async Task Open_BrowserCannotDraw_Says()
    {
        _browser.Module.SetException(new JSException("404"));
        await using var view = new ModuleView(_browser, "./js/x.js");
        await Assert.ThrowsAsync<JSException>(() => view.OpenAsync(CreateAsync));
    }

    [Fact]
    public async Task Open_TabClosed_IsNoError()
    {
        _browser.Module.SetException(new JSDisconnectedException("gone"));
        await using var view = new ModuleView(_browser, "./js/x.js");
        Assert.False(await view.OpenAsync(CreateAsync));
    }

    public async ValueTask DisposeAsync()
    {
        await _view.DisposeAsync();
        await _module.DisposeAsync();
    }

    private ValueTask<IJSObjectReference> CreateAsync(IJSObjectReference module)
    {
        Assert.Same(_module, module);
        _created++;
        return new ValueTask<IJSObjectReference>(_view);
    }

    private sealed class Browser : IJSRuntime
    {
        public TaskCompletionSource<Reference> Module { get; } = new();

        public async ValueTask<TValue> InvokeAsync<TValue>(string identifier, object?[]? args)
        {
            Assert.Equal("import", identifier);
            return (TValue)(object)await Module.Task;
        }

        public ValueTask<TValue> InvokeAsync<TValue>(string identifier, CancellationToken cancellationToken, object?[]? args) => InvokeAsync<TValue>(identifier, args);
    }

    private sealed class Reference : IJSObjectReference
    {
        public List<string> Called { get; } = [];

        public bool Disposed { get; private set; }

        public ValueTask<TValue> InvokeAsync<TValue>(string identifier, object?[]? args)
        {
            ObjectDisposedException.ThrowIf(Disposed, this);
            Called.Add(identifier);
            return default;
        }

        public ValueTask<TValue> InvokeAsync<TValue>(string identifier, CancellationToken cancellationToken, object?[]? args) => InvokeAsync<TValue>(identifier, args);

        public ValueTask DisposeAsync()
        {
            Disposed = true;
            return default;
        }
    }
}
