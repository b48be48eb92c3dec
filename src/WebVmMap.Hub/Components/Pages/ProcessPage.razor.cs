using System.Globalization;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using MudBlazor;
using WebVmMap.Core.Processes;
using WebVmMap.Hub.Components.Compare;
using WebVmMap.Hub.Components.Controls;
using WebVmMap.Hub.Components.Interop;
using WebVmMap.Hub.Components.Recordings;
using WebVmMap.Hub.Components.Refresh;
using WebVmMap.Hub.Components.Text;
using WebVmMap.Hub.Components.Views;
using WebVmMap.Hub.Hosts;
using WebVmMap.Hub.Live;
using WebVmMap.Hub.Recordings;
using WebVmMap.Hub.Store;
using WebVmMap.Hub.WorkingSets;

namespace WebVmMap.Hub.Components.Pages;

/// <summary>One process, live: the heart of the product.</summary>
public sealed partial class ProcessPage
{
    private static readonly DialogOptions s_dialog = new() { CloseOnEscapeKey = true, FullWidth = true, MaxWidth = MaxWidth.ExtraSmall };

    private readonly Leaving _leaving = new();
    private LiveRefresh? _refresh;
    private IDisposable? _keys;
    private ILiveProcessLease? _lease;
    private LiveProcessAddress _address;
    private RegionSource _source = RegionSource.Of(default(LiveProcessAddress));
    private HostState? _host;
    private LiveProcessState? _live;
    private LiveProcessState? _shown;
    private (string Title, bool Severe)? _banner;
    private CanvasStatus? _canvas;
    private DateTimeOffset _askedAt;
    private bool _paused;
    private bool _taking;
    private bool _recording;
    private int _taken;

    [Inject]
    private IHostDirectory Hosts { get; set; } = null!;

    [Inject]
    private ILiveProcesses Processes { get; set; } = null!;

    [Inject]
    private ISnapshotTaker Taker { get; set; } = null!;

    [Inject]
    private IWorkingSets WorkingSets { get; set; } = null!;

    [Inject]
    private IRecordings Recordings { get; set; } = null!;

    [CascadingParameter]
    private Task<AuthenticationState>? Authentication { get; set; }

    [Inject]
    private Hotkeys Hotkeys { get; set; } = null!;

    [Inject]
    private IDialogService Dialogs { get; set; } = null!;

    [Inject]
    private ISnackbar Snackbar { get; set; } = null!;

    /// <summary>Id of the host.</summary>
    [Parameter]
    public string HostId { get; set; } = "";

    /// <summary>Id of the process there.</summary>
    [Parameter]
    public int Pid { get; set; }

    /// <summary>Its start stamp, so that a link never shows another process that was given the same id; absent for whichever has it now.</summary>
    [SupplyParameterFromQuery(Name = "start")]
    private string? Start { get; set; }

    /// <inheritdoc/>
    protected override string PagePath => $"/hosts/{Uri.EscapeDataString(HostId)}/processes/{Pid.ToString(CultureInfo.InvariantCulture)}";

    /// <inheritdoc/>
    protected override string IdentityQuery =>
        (_shown?.Snapshot?.Process.Key.StartStamp ?? _address.StartStamp) is var start && start != 0 ? string.Create(CultureInfo.InvariantCulture, $"start={start}") : "";

    private ProcessInfo? Process => _shown?.Snapshot?.Process;

    private string Name => Process?.Name ?? $"process {Pid.ToString(CultureInfo.InvariantCulture)}";

    private string HostName => _host?.Name ?? HostId;

    private string NoPicture(LiveStatus status) => status switch
    {
        LiveStatus.NotFound => $"No process of {HostName} has the id {Pid.ToString(CultureInfo.InvariantCulture)}.",
        LiveStatus.NoAddressSpace => $"There is nothing to show of {Name}.",
        _ => $"There is no picture of {Name}.",
    };

    private string Facts => string.Join(" · ", new[]
    {
        $"pid {Pid.ToString(CultureInfo.InvariantCulture)}",
        $"{_host?.Platform.ToString().ToLowerInvariant()} {(Process?.Architecture is { Length: > 0 } own ? own : _host?.Architecture)}".Trim(),
        Process?.User ?? "",
        Process?.Managed == true ? ".NET" : "",
    }.Where(fact => fact.Length > 0));

    /// <inheritdoc/>
    protected override void OnInitialized()
    {
        base.OnInitialized();
        _refresh = new LiveRefresh(() => InvokeAsync(Pull), Time, LogRefreshFailure, subscribe: Hosts.Subscribe);
        _keys = Hotkeys.Listen(OnKeyAsync);
    }

    /// <inheritdoc/>
    protected override void OnParametersSet()
    {
        base.OnParametersSet();
        var start = long.TryParse(Start, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var stamp) ? stamp : 0;
        var address = new LiveProcessAddress(HostId, Pid, start);
        if (_lease is not null && address == _address)
        {
            return;
        }
        _address = address;
        _source = RegionSource.Of(address);
        _host = Hosts.Find(HostId);
        _lease?.Dispose();
        (_lease, _live, _shown, _paused, _canvas) = (null, null, null, false, null);
        if (_host is not null)
        {
            _askedAt = Time.GetUtcNow();
            _lease = Processes.Watch(address, State.IntervalMs, () => _refresh?.Wake());
            Pull();
        }
    }

    /// <inheritdoc/>
    protected override void StateHasBeenSet(ViewState before)
    {
        if (before.IntervalMs != State.IntervalMs)
        {
            _lease?.SetInterval(State.IntervalMs);
        }
    }

    /// <inheritdoc/>
    protected override async ValueTask LeaveAsync()
    {
        await _leaving.DisposeAsync();
        _keys?.Dispose();
        _lease?.Dispose();
        if (_refresh is not null)
        {
            await _refresh.DisposeAsync();
        }
    }

    // A canvas begins unconnected; that is worth a word only after it has been connected.
    private void SetCanvasStatus(CanvasStatus status) => _canvas = status.Connected || _canvas is not null ? status : null;

    private static string IntervalText(int ms) => ms == 0 ? "by hand" : TimeText.Duration(ms);

    private void Pull()
    {
        _host = Hosts.Find(HostId) ?? _host;
        if (_lease is null)
        {
            return;
        }
        var hadPicture = _shown?.Snapshot is not null;
        _live = _lease.Current;
        // A paused page holds its picture, but never hides that the process or its host is gone.
        _shown = _paused && _shown is not null ? _shown with { Status = _live.Status, Message = _live.Message, Since = _live.Since } : _live;
        _banner = _shown.Status switch
        {
            LiveStatus.HostOffline => ($"{HostName} is offline", false),
            LiveStatus.Ended => ($"{Name} has ended", false),
            LiveStatus.Denied => ("The agent may not look at this process", true),
            LiveStatus.Failed => ("Watching failed", true),
            _ => null,
        };
        if (!hadPicture && _shown.Snapshot is not null)
        {
            // From now on the start stamp is known, and the address line names exactly this process.
            WriteUrl();
        }
        StateHasChanged();
    }

    private async Task<bool> OnKeyAsync(string key)
    {
        if (key != "pause" || _shown?.Snapshot is null)
        {
            return false;
        }
        await InvokeAsync(TogglePause);
        return true;
    }

    private void TogglePause()
    {
        _paused = !_paused;
        Pull();
    }

    private async Task CopyLinkAsync()
    {
        var copied = await Browser.CopyAsync(Navigation.ToAbsoluteUri(CurrentUrl).ToString());
        Snackbar.Add(copied ? "The link shows exactly this view." : "The browser does not let this page write to the clipboard; the address line holds the link.", copied ? Severity.Success : Severity.Info);
    }

    private async Task EmptyWorkingSetAsync()
    {
        if (_shown?.Snapshot is not { } snapshot || _host is not { } host)
        {
            return;
        }
        var address = _address with { StartStamp = snapshot.Process.Key.StartStamp };
        var who = Authentication is null ? "" : (await Authentication).User.Identity?.Name ?? "";
        await Dialogs.ShowAsync<EmptyWorkingSetDialog>("Empty working set", new DialogParameters<EmptyWorkingSetDialog>
        {
            { dialog => dialog.Name, Name },
            { dialog => dialog.Refusal, host.PermitsEmptyWorkingSet ? null : HostMessages.EmptyNotPermitted(host) },
            { dialog => dialog.Empty, cancellation => WorkingSets.EmptyAsync(address, who, cancellation) },
        }, s_dialog);
    }

    // One click where it is permitted: the recording's page says how it fares, and stops it.
    private async Task RecordAsync(long sampleBytes)
    {
        if (_shown?.Snapshot?.Process is not { } process || _host is not { } host || _recording)
        {
            return;
        }
        if (!host.PermitsRecording)
        {
            await Dialogs.ShowAsync<RecordDialog>("Record allocations", new DialogParameters<RecordDialog> { { dialog => dialog.Host, host } }, s_dialog);
            return;
        }
        _recording = true;
        StateHasChanged();
        try
        {
            var who = Authentication is null ? "" : (await Authentication).User.Identity?.Name ?? "";
            var wanted = new NewRecording { HostId = host.Id, Pid = process.Key.Pid, StartStamp = process.Key.StartStamp, Sampled = sampleBytes > 0, SampleBytes = sampleBytes };
            var recording = await Recordings.StartAsync(wanted, who, _leaving.Token);
            Navigation.NavigateTo($"/recordings/{recording.Id}");
        }
        catch (OperationCanceledException) when (_leaving.Begun)
        {
            // The user left before the agent answered; the recording is in the list.
        }
        catch (Exception ex) when (ex is ArgumentException or AgentRequestException or StoreException)
        {
            Snackbar.Add(ex.Message, Severity.Error);
        }
        finally
        {
            _recording = false;
        }
    }

    private async Task CompareNowAsync()
    {
        var parameters = new DialogParameters<CompareNowDialog>
        {
            { dialog => dialog.Address, _address with { StartStamp = _shown?.Snapshot?.Process.Key.StartStamp ?? _address.StartStamp } },
            { dialog => dialog.Name, Name },
        };
        var dialog = await Dialogs.ShowAsync<CompareNowDialog>("What changed?", parameters, s_dialog);
        if (await dialog.Result is { Canceled: false, Data: string url })
        {
            Navigation.NavigateTo(url);
        }
    }

    private async Task TakeSnapshotAsync()
    {
        var dialog = await Dialogs.ShowAsync<SnapshotDialog>("Take a snapshot", s_dialog);
        if (await dialog.Result is not { Canceled: false, Data: string label })
        {
            return;
        }
        _taking = true;
        StateHasChanged();
        try
        {
            var start = _shown?.Snapshot?.Process.Key.StartStamp ?? _address.StartStamp;
            var who = Authentication is null ? "" : (await Authentication).User.Identity?.Name ?? "";
            var outcome = await Taker.TakeAsync(new SnapshotRequest(_address with { StartStamp = start }, label) { TakenBy = who }, _leaving.Token);
            if (outcome.Stored is { } stored)
            {
                _taken++;
                Snackbar.Add($"Snapshot kept: {ByteText.Rounded(stored.TotalWs)} resident, {ByteText.Count(stored.RegionCount)} regions.", Severity.Success, options =>
                {
                    options.Action = "Open";
                    options.OnClick = _ =>
                    {
                        Navigation.NavigateTo($"/snapshots/{stored.Id}");
                        return Task.CompletedTask;
                    };
                });
            }
            else
            {
                Snackbar.Add(outcome.Message, Severity.Error);
            }
        }
        catch (OperationCanceledException) when (_leaving.Begun)
        {
            return;
        }
        finally
        {
            _taking = false;
        }
        StateHasChanged();
    }
}
