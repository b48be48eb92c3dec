using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.WebUtilities;
using WebVmMap.Hub.Components.Interop;
using WebVmMap.Hub.Store;

namespace WebVmMap.Hub.Components.Pages;

/// <summary>The snapshots that are kept, newest first.</summary>
public sealed partial class SnapshotsPage : IDisposable
{
    private const int PageSize = 100;

    private readonly CancellationTokenSource _leaving = new();
    private List<StoredSnapshot>? _found;
    private string _readFrom = "";
    private string _search = "";
    private string? _host;
    private string _error = "";
    private bool _more;
    private int _asked;

    [Inject]
    private ISnapshotStore Store { get; set; } = null!;

    [Inject]
    private NavigationManager Navigation { get; set; } = null!;

    [Inject]
    private PageInterop Browser { get; set; } = null!;

    [Inject]
    private ILogger<SnapshotsPage> Logger { get; set; } = null!;

    /// <inheritdoc/>
    public void Dispose()
    {
        _leaving.Cancel();
        _leaving.Dispose();
    }

    /// <inheritdoc/>
    protected override async Task OnParametersSetAsync()
    {
        if (Navigation.Uri == _readFrom)
        {
            return;
        }
        _readFrom = Navigation.Uri;
        var values = QueryHelpers.ParseQuery(new Uri(Navigation.Uri).Query);
        _search = values.TryGetValue("q", out var search) && search.ToString() is { Length: <= 500 } text ? text : "";
        _host = values.TryGetValue("host", out var host) && host.ToString() is { Length: > 0 and <= 200 } id ? id : null;
        await ReadAsync(0);
    }

    private async Task SearchAsync(string text)
    {
        _search = text;
        var parts = new Dictionary<string, string?>();
        if (_host is not null)
        {
            parts["host"] = _host;
        }
        if (text.Length > 0)
        {
            parts["q"] = text;
        }
        await Browser.ReplaceUrlAsync(QueryHelpers.AddQueryString("/snapshots", parts));
        await ReadAsync(0);
    }

    private Task MoreAsync() => ReadAsync(_found?.Count ?? 0);

    private async Task ReadAsync(int skip)
    {
        var asked = ++_asked;
        try
        {
            // One more than is shown tells whether there are older ones.
            var query = new SnapshotQuery { HostId = _host, Name = _search.Length > 0 ? _search : null, Skip = skip, Take = PageSize + 1 };
            var found = await Store.ListAsync(query, _leaving.Token);
            if (asked != _asked)
            {
                return; // another search began meanwhile
            }
            _found = [.. skip > 0 ? _found ?? [] : [], .. found.Take(PageSize)];
            _more = found.Count > PageSize;
            _error = "";
        }
        catch (OperationCanceledException) when (_leaving.IsCancellationRequested)
        {
            // The user left.
        }
        catch (StoreException ex)
        {
            Logger.LogError(ex, "The snapshots could not be listed.");
            _error = ex.Message;
            _found ??= [];
        }
    }
}
