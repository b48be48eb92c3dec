using System.Collections.Immutable;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using MudBlazor;
using WebVmMap.Core.Processes;
using WebVmMap.Hub.Components.Controls;
using WebVmMap.Hub.Components.Interop;
using WebVmMap.Hub.Components.Recordings;
using WebVmMap.Hub.Components.Refresh;
using WebVmMap.Hub.Components.Shares;
using WebVmMap.Hub.Hosts;
using WebVmMap.Hub.Recordings;
using WebVmMap.Hub.Store;

namespace WebVmMap.Hub.Components.Pages;

/// <summary>A recording, under way or kept: its timeline, a span of it as flame graph and call tree, and how it fares.</summary>
public sealed partial class RecordingPage
{
    private static readonly DialogOptions s_dialog = new() { CloseOnEscapeKey = true, MaxWidth = MaxWidth.Small, FullWidth = true };

    private readonly Leaving _leaving = new();
    private LiveRefresh? _refresh;
    private IDisposable? _listening;
    private IDisposable? _hosting;
    private string _watched = "";
    private Recording? _recording;
    private HostState? _host;
    private Recording? _parent;
    private ImmutableArray<Recording> _children = [];
    private RecordingWorkbench? _bench;
    private CanvasStatus? _canvas;
    private string _error = "";
    private bool _paused;
    private bool _hasNewer;
    private bool _stopping;

    [Inject]
    private IRecordings Recordings { get; set; } = null!;

    [Inject]
    private IHostDirectory Hosts { get; set; } = null!;

    [Inject]
    private RecordingSources Sources { get; set; } = null!;

    [Inject]
    private Hotkeys Hotkeys { get; set; } = null!;

    [Inject]
    private IDialogService Dialogs { get; set; } = null!;

    [Inject]
    private ISnackbar Snackbar { get; set; } = null!;

    [CascadingParameter]
    private Task<AuthenticationState>? Authentication { get; set; }

    /// <summary>Id of the recording.</summary>
    [Parameter]
    public string Id { get; set; } = "";

    /// <inheritdoc/>
    protected override string PagePath => $"/recordings/{Uri.EscapeDataString(Id)}";

    // Until the host is back or the hub gives the recording up, nothing more comes of it.
    private bool IsAway => _recording is { HasEnded: false } && _host is { Online: false };

    private static string AwayText =>
        $"This is the last that came. When its agent is back within {RecordingBook.Patience.TotalSeconds:0} seconds, what it has recorded meanwhile follows; otherwise the recording ends with what is stored.";

    private string Title => _recording is null ? "Recording" : $"{(_recording.Name.Length > 0 ? _recording.Name : $"Recording of {PhaseText.Name(_recording)}")} on {_recording.HostName}";

    /// <inheritdoc/>
    protected override RecordingViewState ParseState(string query) => RecordingViewUrl.Parse(query);

    /// <inheritdoc/>
    protected override string FormatState(RecordingViewState state) => RecordingViewUrl.Format(state);

    /// <inheritdoc/>
    protected override void OnInitialized()
    {
        base.OnInitialized();
        _listening = Hotkeys.Listen(OnHotkeyAsync);
        _hosting = Hosts.Subscribe(() => _ = InvokeAsync(FollowHost));
    }

    /// <inheritdoc/>
    protected override async Task OnParametersSetAsync()
    {
        if (_watched == Id)
        {
            _refresh?.Wake();
            return;
        }
        if (_refresh is not null)
        {
            await _refresh.DisposeAsync();
        }
        (_watched, _paused, _hasNewer, _error) = (Id, false, false, "");
        _recording = Recordings.Find(Id);
        FindRelated();
        if (_recording is not null)
        {
            _refresh = new LiveRefresh(() => InvokeAsync(PullAsync), Time, error => LogRefreshFailure(error), LiveRefresh.DefaultGap, wake => new Both(Recordings.Subscribe(wake), Recordings.Subscribe(Id, wake)), RecordingWorkbench.Rest);
        }
    }

    /// <inheritdoc/>
    protected override async ValueTask LeaveAsync()
    {
        _listening?.Dispose();
        _hosting?.Dispose();
        await _leaving.DisposeAsync();
        if (_refresh is not null)
        {
            await _refresh.DisposeAsync();
        }
    }

    private static string Href(Recording recording) => $"/recordings/{Uri.EscapeDataString(recording.Id)}";

    private string StateText(Recording recording) => (_paused, recording.Phase) switch
    {
        _ when IsAway => "host offline",
        (true, RecordingPhase.Running) => _hasNewer ? "paused, newer data" : "paused",
        _ when _canvas is { Connected: false } => $"{PhaseText.Of(recording.Phase)} · picture not connected",
        _ => PhaseText.Of(recording.Phase),
    };

    private string RegionHref(ulong address) => ProcessRecordings.RegionHref(_recording!.HostId, new ProcessKey(_recording.Pid, _recording.StartStamp), address);

    private async Task PullAsync()
    {
        _recording = Recordings.Find(Id);
        FindRelated();
        if (_paused && _recording is { HasEnded: false })
        {
            _hasNewer = true;
        }
        else if (_bench is not null && _recording is not null)
        {
            await _bench.ReadAsync(_recording);
            _hasNewer = false;
        }
        StateHasChanged();
    }

    // A host is heard of every few seconds, which is no reason to read the recording again.
    private void FollowHost()
    {
        if (_recording is { } recording && Hosts.Find(recording.HostId) is var host && host?.Online != _host?.Online)
        {
            _host = host;
            StateHasChanged();
        }
    }

    private void FindRelated()
    {
        _host = _recording is null ? null : Hosts.Find(_recording.HostId);
        _parent = _recording is { ParentId.Length: > 0 } ? Recordings.Find(_recording.ParentId) : null;
        _children = _recording is { FollowsChildren: true } ? Recordings.ChildrenOf(Id) : [];
    }

    private async Task<bool> OnHotkeyAsync(string key)
    {
        if (key is not ("pause" or "back"))
        {
            return false;
        }
        await InvokeAsync(() =>
        {
            if (key == "back")
            {
                SetState(State.StepBack());
            }
            else
            {
                TogglePause();
            }
        });
        return true;
    }

    private void TogglePause()
    {
        if (_recording is not { Phase: RecordingPhase.Running })
        {
            return;
        }
        _paused = !_paused;
        if (!_paused)
        {
            _refresh?.Wake();
        }
        StateHasChanged();
    }

    private void SetCanvasStatus(CanvasStatus status)
    {
        _canvas = status;
        StateHasChanged();
    }

    private async Task StopAsync(Recording recording)
    {
        if (await StopDialog.AskAsync(Dialogs, recording) is { } endProgram)
        {
            _stopping = true;
            await TryAsync(async who => _recording = await Recordings.StopAsync(Id, endProgram, who, _leaving.Token));
            _stopping = false;
        }
    }

    private async Task ShareAsync(Recording recording)
    {
        try
        {
            var offer = await ShareOffer.OfAsync(Sources, recording, FormatState(State), _leaving.Token);
            await Dialogs.ShowAsync<ShareDialog>("Share", new DialogParameters<ShareDialog> { { dialog => dialog.Offer, offer } }, s_dialog);
        }
        catch (OperationCanceledException) when (_leaving.Begun)
        {
            // The user left.
        }
        catch (StoreException ex)
        {
            _error = ex.Message;
        }
    }

    private async Task EditAsync(Recording recording)
    {
        if (await KeptWordsDialog.AskAsync(Dialogs, "Name and note", "Name", new KeptWords(recording.Name, recording.Note, recording.Pinned)) is { } words)
        {
            await TryAsync(_ => Recordings.ChangeAsync(Id, new RecordingChange { Name = words.Name, Note = words.Note, Pinned = words.Pinned }, _leaving.Token));
        }
    }

    private async Task MarkAsync()
    {
        var dialog = await Dialogs.ShowAsync<MarkDialog>("Mark this moment", s_dialog);
        if (await dialog.Result is { Canceled: false, Data: string label })
        {
            await TryAsync(who => Recordings.MarkAsync(Id, label, who, _leaving.Token));
        }
    }

    private async Task TryAsync(Func<string, Task> action)
    {
        try
        {
            await action(Authentication is null ? "" : (await Authentication).User.Identity?.Name ?? "");
            _error = "";
        }
        catch (OperationCanceledException) when (_leaving.Begun)
        {
            return;
        }
        catch (Exception ex) when (ex is StoreException or ArgumentException or AgentRequestException)
        {
            _error = ex.Message;
        }
        await PullAsync();
    }

    private async Task CopyLinkAsync()
    {
        var copied = await Browser.CopyAsync(Navigation.ToAbsoluteUri(CurrentUrl).ToString());
        Snackbar.Add(copied ? "The link shows exactly this view." : "The browser does not let this page write to the clipboard; the address line holds the link.", copied ? Severity.Success : Severity.Info);
    }

    private sealed class Both(IDisposable one, IDisposable other) : IDisposable
    {
        public void Dispose()
        {
            one.Dispose();
            other.Dispose();
        }
    }
}
