using Microsoft.AspNetCore.Components;
using MudBlazor;
using WebVmMap.Hub.Components.Refresh;
using WebVmMap.Hub.Live;
using WebVmMap.Hub.Store;

namespace WebVmMap.Hub.Components.Compare;

/// <summary>
/// Takes a snapshot of a live process to compare with an earlier one. Its result is the address to go to: the comparison, or the
/// first snapshot where there was none.
/// </summary>
public sealed partial class CompareNowDialog : IAsyncDisposable
{
    private const int Shown = 100;

    private readonly Leaving _leaving = new();
    private List<StoredSnapshot>? _found;
    private CancellationTokenSource? _taking;
    private ITimer? _timer;
    private DateTimeOffset _askedAt;
    private int _seconds;
    private string _since = "";
    private string _error = "";

    [Inject]
    private ISnapshotStore Store { get; set; } = null!;

    [Inject]
    private ISnapshotTaker Taker { get; set; } = null!;

    [Inject]
    private TimeProvider Time { get; set; } = null!;

    [CascadingParameter]
    private IMudDialogInstance Dialog { get; set; } = null!;

    /// <summary>Which process, with its start stamp.</summary>
    [Parameter, EditorRequired]
    public LiveProcessAddress Address { get; set; }

    /// <summary>Its name.</summary>
    [Parameter]
    public string Name { get; set; } = "";

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _leaving.DisposeAsync();
        if (_timer is not null)
        {
            await _timer.DisposeAsync();
        }
    }

    /// <inheritdoc/>
    protected override async Task OnInitializedAsync()
    {
        try
        {
            var found = await Store.ListAsync(new SnapshotQuery { HostId = Address.HostId, Pid = Address.Pid, Take = Shown }, _leaving.Token);
            _found = [.. found.Where(s => s.Process.Key.StartStamp == Address.StartStamp)];
            _since = _found.Count > 0 ? _found[0].Id : "";
        }
        catch (OperationCanceledException) when (_leaving.Begun)
        {
            // The dialog was closed.
        }
        catch (StoreException ex)
        {
            _error = ex.Message;
        }
    }

    private void Cancel()
    {
        if (_taking is not null)
        {
            _taking.Cancel();
            return;
        }
        Dialog.Cancel();
    }

    private async Task TakeAsync()
    {
        if (_taking is not null)
        {
            return;
        }
        using var taking = _taking = CancellationTokenSource.CreateLinkedTokenSource(_leaving.Token);
        (_error, _seconds, _askedAt) = ("", 0, Time.GetUtcNow());
        await using var timer = _timer = Time.CreateTimer(_ => _ = InvokeAsync(Tick), null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));
        try
        {
            var outcome = await Taker.TakeAsync(new SnapshotRequest(Address, ""), taking.Token);
            if (outcome.Stored is { } stored)
            {
                Dialog.Close(DialogResult.Ok(_since.Length > 0 ? $"/compare?a={Uri.EscapeDataString(_since)}&b={Uri.EscapeDataString(stored.Id)}" : $"/snapshots/{Uri.EscapeDataString(stored.Id)}"));
                return;
            }
            _error = outcome.Message;
        }
        catch (OperationCanceledException) when (taking.IsCancellationRequested)
        {
            _error = _leaving.Begun ? "" : "Given up: no snapshot was kept.";
        }
        finally
        {
            _taking = null;
        }
    }

    private void Tick()
    {
        _seconds = (int)(Time.GetUtcNow() - _askedAt).TotalSeconds;
        StateHasChanged();
    }
}
