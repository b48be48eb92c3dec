using Microsoft.AspNetCore.Components;
using MudBlazor;
using WebVmMap.Hub.Components.Refresh;
using WebVmMap.Hub.Store;

namespace WebVmMap.Hub.Components.Compare;

/// <summary>A dialog to choose a kept snapshot; its result is the id.</summary>
public sealed partial class SnapshotPicker : IAsyncDisposable
{
    private const int Shown = 100;

    private readonly Leaving _leaving = new();
    private List<StoredSnapshot>? _found;
    private string _search = "";
    private string _error = "";
    private int _asked;

    [Inject]
    private ISnapshotStore Store { get; set; } = null!;

    [CascadingParameter]
    private IMudDialogInstance Dialog { get; set; } = null!;

    /// <summary>Whose process's snapshots come first; null for the newest of all.</summary>
    [Parameter]
    public StoredSnapshot? Near { get; set; }

    /// <summary>Id of the one that is on the other side already.</summary>
    [Parameter]
    public string Taken { get; set; } = "";

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _leaving.DisposeAsync();

    /// <inheritdoc/>
    protected override Task OnInitializedAsync() => ReadAsync();

    private Task SearchAsync(string text)
    {
        _search = text;
        return ReadAsync();
    }

    private async Task ReadAsync()
    {
        var asked = ++_asked;
        var name = _search.Length > 0 ? _search : Near?.Process.Name;
        try
        {
            var found = await Store.ListAsync(new SnapshotQuery { Name = name, Take = Shown }, _leaving.Token);
            if (asked != _asked)
            {
                return; // another search began meanwhile
            }
            _found = _search.Length > 0 || Near is null
                ? [.. found]
                : [.. found.OrderByDescending(s => s.HostId == Near.HostId && s.Process.Key == Near.Process.Key).ThenByDescending(s => s.HostId == Near.HostId)];
            _error = "";
        }
        catch (OperationCanceledException) when (_leaving.Begun)
        {
            // The dialog was closed.
        }
        catch (StoreException ex)
        {
            _error = ex.Message;
            _found ??= [];
        }
    }
}
