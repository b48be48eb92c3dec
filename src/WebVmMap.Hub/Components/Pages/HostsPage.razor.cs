using System.Collections.Immutable;
using Microsoft.AspNetCore.Components;
using MudBlazor;
using WebVmMap.Hub.Components.Recordings;
using WebVmMap.Hub.Components.Refresh;
using WebVmMap.Hub.Hosts;
using WebVmMap.Hub.Processes;

namespace WebVmMap.Hub.Components.Pages;

/// <summary>Every host that ever connected: what it is, how it fares, what it permits and what limits it.</summary>
public sealed partial class HostsPage : IAsyncDisposable
{
    private static readonly DialogOptions s_dialog = new() { CloseOnEscapeKey = true, MaxWidth = MaxWidth.Small, FullWidth = true };

    private readonly Leaving _leaving = new();
    private readonly Dictionary<string, int> _counts = [];
    private readonly HashSet<string> _asked = [];
    private LiveRefresh? _refresh;
    private ImmutableArray<HostState> _hosts = [];
    private bool _connectIsOpen;

    [Inject]
    private IHostDirectory Hosts { get; set; } = null!;

    [Inject]
    private IProcessDirectory Processes { get; set; } = null!;

    [Inject]
    private IDialogService Dialogs { get; set; } = null!;

    [Inject]
    private NavigationManager Navigation { get; set; } = null!;

    [Inject]
    private TimeProvider Time { get; set; } = null!;

    [Inject]
    private ILogger<HostsPage> Logger { get; set; } = null!;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _leaving.DisposeAsync();
        if (_refresh is not null)
        {
            await _refresh.DisposeAsync();
        }
    }

    /// <inheritdoc/>
    protected override void OnInitialized()
    {
        _refresh = new LiveRefresh(() => InvokeAsync(Pull), Time, error => Logger.LogError(error, "A refresh of the hosts failed."), subscribe: Hosts.Subscribe);
        Pull();
        // Decided once: what somebody reads does not close because a host came.
        _connectIsOpen = _hosts.Length <= 1;
    }

    private static string Permits(HostState host)
    {
        (bool Permitted, string What)[] more = [(host.PermitsRecording, "recordings"), (host.PermitsContents, "memory contents"), (host.PermitsEmptyWorkingSet, "emptying working sets"), (host.PermitsSource, "source text")];
        string[] permitted = [.. more.Where(kind => kind.Permitted).Select(kind => kind.What)];
        return permitted.Length == 0 ? "snapshots only" : $"snapshots, {string.Join(", ", permitted)}";
    }

    private async Task LaunchAsync(HostState host)
    {
        var dialog = await Dialogs.ShowAsync<LaunchDialog>($"Launch under recording on {host.Name}", new DialogParameters<LaunchDialog> { { d => d.Host, host } }, s_dialog);
        if (await dialog.Result is { Canceled: false, Data: string id })
        {
            Navigation.NavigateTo($"/recordings/{Uri.EscapeDataString(id)}");
        }
    }

    private void Pull()
    {
        _hosts = Hosts.Hosts;
        foreach (var host in _hosts)
        {
            // Asked once per visit and again after a reconnect: a number on a card is not worth a list every two seconds.
            if (!host.Online)
            {
                _asked.Remove(host.Id);
            }
            else if (_asked.Add(host.Id))
            {
                _ = CountAsync(host.Id);
            }
        }
        StateHasChanged();
    }

    private async Task CountAsync(string hostId)
    {
        try
        {
            var list = await Processes.ListAsync(hostId, _leaving.Token);
            if (list.AsOf is not null)
            {
                _counts[hostId] = list.Processes.Length;
                StateHasChanged();
            }
        }
        catch (OperationCanceledException)
        {
            // The user left, or the agent did not answer: the card goes without the number.
        }
    }
}
