using Microsoft.AspNetCore.Components;
using WebVmMap.Hub.Components.Interop;
using WebVmMap.Hub.Components.Refresh;

namespace WebVmMap.Hub.Components.Pages;

/// <summary>
/// A page with a state of how one looks at it, which the address line always tells. It is read from there when the page opens or
/// the user goes back; changes are written there without a step in the history.
/// </summary>
/// <typeparam name="TState">What a person can choose; immutable.</typeparam>
public abstract class UrlStatePage<TState> : ComponentBase, IAsyncDisposable
    where TState : class
{
    // Browsers limit how often a page may write its address; several changes within this time are written once.
    private static readonly TimeSpan s_urlGap = TimeSpan.FromMilliseconds(250);

    private LiveRefresh? _urlWriter;
    private string _readFrom = "";

    /// <summary>How the user looks at it; set before anything reads it.</summary>
    protected TState State { get; private set; } = null!;

    /// <summary>Where one is.</summary>
    [Inject]
    protected NavigationManager Navigation { get; set; } = null!;

    /// <summary>The browser.</summary>
    [Inject]
    protected PageInterop Browser { get; set; } = null!;

    /// <summary>The clock.</summary>
    [Inject]
    protected TimeProvider Time { get; set; } = null!;

    [Inject]
    private ILoggerFactory Loggers { get; set; } = null!;

    /// <summary>The path and query that show what is on the screen now.</summary>
    protected string CurrentUrl
    {
        get
        {
            var query = string.Join('&', new[] { IdentityQuery, FormatState(State) }.Where(q => q.Length > 0));
            return query.Length == 0 ? PagePath : $"{PagePath}?{query}";
        }
    }

    /// <summary>The page's path.</summary>
    protected abstract string PagePath { get; }

    /// <summary>The part of the query that says what is shown, not how; empty when the path says it all.</summary>
    protected virtual string IdentityQuery => "";

    /// <summary>The state that a query stands for; keys that are not of the state are passed over.</summary>
    protected abstract TState ParseState(string query);

    /// <summary>The state as a query, without question mark.</summary>
    protected abstract string FormatState(TState state);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        if (_urlWriter is not null)
        {
            await _urlWriter.DisposeAsync();
        }
        await LeaveAsync();
    }

    /// <summary>Lets go of what the page holds.</summary>
    protected virtual ValueTask LeaveAsync() => ValueTask.CompletedTask;

    /// <inheritdoc/>
    protected override void OnInitialized()
    {
        // Before anything can have it written.
        ReadState();
        _urlWriter = new LiveRefresh(() => InvokeAsync(() => Browser.ReplaceUrlAsync(CurrentUrl)), Time, error => LogRefreshFailure(error), s_urlGap);
    }

    /// <inheritdoc/>
    protected override void OnParametersSet() => ReadState();

    // The navigation manager does not hear of what is written with replaceState, so a change here is the user's.
    private void ReadState()
    {
        if (Navigation.Uri != _readFrom)
        {
            _readFrom = Navigation.Uri;
            State = ParseState(new Uri(Navigation.Uri).Query);
        }
    }

    /// <summary>Takes a new view state and tells it in the address line.</summary>
    protected void SetState(TState state)
    {
        if (state.Equals(State))
        {
            return;
        }
        var before = State;
        State = state;
        StateHasBeenSet(before);
        WriteUrl();
        StateHasChanged();
    }

    /// <summary>Called after the user changed the view state.</summary>
    /// <param name="before">What it was.</param>
    protected virtual void StateHasBeenSet(TState before)
    {
    }

    /// <summary>Has the address line say what is on the screen, soon.</summary>
    protected void WriteUrl() => _urlWriter?.Wake();

    /// <summary>Writes a failed refresh to the log.</summary>
    protected void LogRefreshFailure(Exception error) => Loggers.CreateLogger(GetType()).LogError(error, "A refresh of the page failed.");
}
