using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.JSInterop;
using MudBlazor;
using WebVmMap.Hub.Components.Interop;
using WebVmMap.Hub.Components.Theme;

namespace WebVmMap.Hub.Components.Layout;

/// <summary>The frame of every page: navigation, theme, keys, and one clear sentence when a page fails.</summary>
public sealed partial class MainLayout : IAsyncDisposable
{
    private readonly Shell _shell = new();
    private ErrorBoundary? _boundary;
    private DotNetObjectReference<BrowserEvents>? _events;
    private IJSObjectReference? _hotkeys;
    private IJSObjectReference? _systemTheme;
    private IDisposable? _listening;
    private bool _interactive;
    private bool _helpIsOpen;

    /// <summary>True for a page from which no way leads to the others: a shared one.</summary>
    [Parameter]
    public bool StandsAlone { get; set; }

    [CascadingParameter]
    private ThemeChoice InitialTheme { get; set; }

    [Inject]
    private PageInterop Page { get; set; } = null!;

    [Inject]
    private Hotkeys Hotkeys { get; set; } = null!;

    [Inject]
    private IDialogService Dialogs { get; set; } = null!;

    [Inject]
    private NavigationManager Navigation { get; set; } = null!;

    // A bare fragment would lead to the base address.
    private string SkipTarget => new Uri(Navigation.Uri).PathAndQuery + "#content";

    /// <inheritdoc/>
    protected override void OnInitialized()
    {
        _shell.StandsAlone = StandsAlone;
        _shell.Set(InitialTheme, InitialTheme == ThemeChoice.Dark);
        _shell.ChooseThemeAsync = ChooseThemeAsync;
        _shell.ShowHelpAsync = ShowHelpAsync;
        _listening = Hotkeys.Listen(OnKeyAsync);
        Navigation.LocationChanged += OnLocationChanged;
    }

    /// <inheritdoc/>
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (!firstRender)
        {
            return;
        }
        _events = DotNetObjectReference.Create(new BrowserEvents(Hotkeys.PressAsync, SystemThemeChangedAsync));
        _shell.Set(InitialTheme, await Page.ApplyThemeAsync());
        _hotkeys = await Page.WatchHotkeysAsync(_events);
        _systemTheme = await Page.WatchThemeAsync(_events);
        _interactive = true;
        StateHasChanged();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Navigation.LocationChanged -= OnLocationChanged;
        _listening?.Dispose();
        await JsDisposal.CloseQuietlyAsync(_hotkeys);
        await JsDisposal.CloseQuietlyAsync(_systemTheme);
        _events?.Dispose();
    }

    private void OnLocationChanged(object? sender, LocationChangedEventArgs args) => _boundary?.Recover();

    private void Recover() => _boundary?.Recover();

    private async Task ChooseThemeAsync(ThemeChoice choice)
    {
        _shell.Set(choice, await Page.SetThemeAsync(choice));
        StateHasChanged();
    }

    private async Task SystemThemeChangedAsync(bool isDark)
    {
        _shell.Set(_shell.Theme, isDark);
        await InvokeAsync(StateHasChanged);
    }

    private async Task<bool> OnKeyAsync(string key)
    {
        if (key != "help")
        {
            return false;
        }
        await InvokeAsync(ShowHelpAsync);
        return true;
    }

    private async Task ShowHelpAsync()
    {
        if (_helpIsOpen)
        {
            return;
        }
        _helpIsOpen = true;
        var dialog = await Dialogs.ShowAsync<HelpDialog>("Keys and words", new DialogOptions { CloseOnEscapeKey = true, MaxWidth = MaxWidth.Small, FullWidth = true, CloseButton = true });
        await dialog.Result;
        _helpIsOpen = false;
    }
}
