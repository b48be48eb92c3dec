using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using MudBlazor;
using WebVmMap.Hub.Components.Controls;
using WebVmMap.Hub.Components.Recordings;
using WebVmMap.Hub.Components.Refresh;
using WebVmMap.Hub.Components.Text;
using WebVmMap.Hub.Hosts;
using WebVmMap.Hub.Recordings;
using WebVmMap.Hub.Store;

namespace WebVmMap.Hub.Components.Pages;

/// <summary>The recordings that are under way and those that are kept.</summary>
public sealed partial class RecordingsPage : IAsyncDisposable
{
    // Figures of what runs change four times a second; nobody reads faster than this.
    private static readonly TimeSpan s_gap = TimeSpan.FromSeconds(1);
    private static readonly DialogOptions s_dialog = new() { CloseOnEscapeKey = true, MaxWidth = MaxWidth.ExtraSmall };

    private readonly Leaving _leaving = new();
    private readonly HashSet<string> _stopping = [];
    private LiveRefresh? _refresh;
    private List<Recording> _shown = [];
    private int _version;
    private (int, int, long) _kept;
    private string _error = "";

    [Inject]
    private IRecordings Recordings { get; set; } = null!;

    [Inject]
    private IHostDirectory Hosts { get; set; } = null!;

    [Inject]
    private IDialogService Dialogs { get; set; } = null!;

    [Inject]
    private TimeProvider Time { get; set; } = null!;

    [Inject]
    private ILogger<RecordingsPage> Logger { get; set; } = null!;

    [CascadingParameter]
    private Task<AuthenticationState>? Authentication { get; set; }

    /// <summary>Id of the host to show; absent for all.</summary>
    [SupplyParameterFromQuery(Name = "host")]
    private string? Host { get; set; }

    // Whose processes to offer: the host that is looked at, or the only one that can record now.
    private HostState? ProcessHost => Host is { } host ? Hosts.Find(host) : Hosts.Hosts.Where(one => one.Online && one.PermitsRecording).ToArray() is [var only] ? only : null;

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
    protected override void OnInitialized() =>
        _refresh = new LiveRefresh(() => InvokeAsync(Pull), Time, error => Logger.LogError(error, "A refresh of the recordings failed."), s_gap, Recordings.Subscribe);

    /// <inheritdoc/>
    protected override void OnParametersSet() => Pull();

    private void Pull()
    {
        _shown = [.. Recordings.All.Where(recording => Host is null || recording.HostId == Host).ToArray().InFamilies()];
        var kept = (_shown.Count(r => r.HasEnded), _shown.Count(r => r.Pinned), _shown.Where(r => r.HasEnded).Sum(r => r.StoredBytes));
        if (kept != _kept)
        {
            (_kept, _version) = (kept, _version + 1);
        }
        StateHasChanged();
    }

    private async Task StopAsync(Recording recording)
    {
        if (await StopDialog.AskAsync(Dialogs, recording) is not { } endProgram)
        {
            return;
        }
        _stopping.Add(recording.Id);
        await TryAsync(who => Recordings.StopAsync(recording.Id, endProgram, who, _leaving.Token));
        _stopping.Remove(recording.Id);
    }

    private async Task EditAsync(Recording recording)
    {
        if (await KeptWordsDialog.AskAsync(Dialogs, "Name and note", "Name", new KeptWords(recording.Name, recording.Note, recording.Pinned)) is { } words)
        {
            await ChangeAsync(recording, new RecordingChange { Name = words.Name, Note = words.Note, Pinned = words.Pinned });
        }
    }

    private Task ChangeAsync(Recording recording, RecordingChange change) => TryAsync(_ => Recordings.ChangeAsync(recording.Id, change, _leaving.Token));

    private async Task DeleteAsync(Recording recording)
    {
        var dialog = await Dialogs.ShowAsync<ConfirmDialog>("Delete", new DialogParameters<ConfirmDialog>
        {
            { d => d.Message, DeleteText(recording) },
            { d => d.Action, "Delete" },
        }, s_dialog);
        if (await dialog.Result is { Canceled: false })
        {
            await TryAsync(who => Recordings.DeleteAsync(recording.Id, who, _leaving.Token));
        }
    }

    private string DeleteText(Recording recording)
    {
        var children = Recordings.ChildrenOf(recording.Id);
        var (gone, pinned) = (children.Count(child => !child.Pinned), children.Count(child => child.Pinned));
        return $"The recording of {recording.Subject} from {TimeText.Full(recording.StartedAt)} is deleted for good"
            + (gone > 0 ? $", with {(gone == 1 ? "that" : "those")} of {ByteText.Count(gone, "process", "processes")} that it started" : "")
            + (pinned > 0 ? $"; {ByteText.Count(pinned, "pinned one", "pinned ones")} of these {(pinned == 1 ? "stays" : "stay")}." : ".");
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
        catch (Exception ex) when (ex is StoreException or ArgumentException or InvalidOperationException or AgentRequestException)
        {
            _error = ex.Message;
        }
        Pull();
    }
}
