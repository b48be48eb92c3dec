using System.Globalization;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using MudBlazor;
using WebVmMap.Core.Processes;
using WebVmMap.Hub.Components.Refresh;
using WebVmMap.Hub.Components.Text;
using WebVmMap.Hub.Components.Views;
using WebVmMap.Hub.Schedules;
using WebVmMap.Hub.Store;

namespace WebVmMap.Hub.Components.Controls;

/// <summary>The kept snapshots of one process on a line of time.</summary>
public sealed partial class ProcessHistory : IAsyncDisposable
{
    /// <summary>How many of the newest have a mark on the line.</summary>
    public const int MaximumMarks = 100;

    private static readonly DialogOptions s_dialog = new() { CloseOnEscapeKey = true, FullWidth = true, MaxWidth = MaxWidth.ExtraSmall };

    private readonly Leaving _leaving = new();
    private readonly List<string> _chosen = [];
    private List<StoredSnapshot> _snapshots = [];
    private LiveRefresh? _refresh;
    private (string Host, ProcessKey Process, int Version) _shown;
    private string _error = "";
    private bool _read;
    private int _total;
    private int _schedules;

    [Inject]
    private ISnapshotStore Store { get; set; } = null!;

    [Inject]
    private ISchedules Schedules { get; set; } = null!;

    [Inject]
    private NavigationManager Navigation { get; set; } = null!;

    [Inject]
    private IDialogService Dialogs { get; set; } = null!;

    [Inject]
    private ISnackbar Snackbar { get; set; } = null!;

    [Inject]
    private TimeProvider Time { get; set; } = null!;

    [Inject]
    private ILogger<ProcessHistory> Logger { get; set; } = null!;

    [CascadingParameter]
    private Task<AuthenticationState>? Authentication { get; set; }

    /// <summary>Id of the host.</summary>
    [Parameter, EditorRequired]
    public required string HostId { get; set; }

    /// <summary>The process, this life of it.</summary>
    [Parameter, EditorRequired]
    public required ProcessKey Process { get; set; }

    /// <summary>Name of the process.</summary>
    [Parameter, EditorRequired]
    public required string ProcessName { get; set; }

    /// <summary>Changes when a snapshot was taken here: then they are read again.</summary>
    [Parameter]
    public int Version { get; set; }

    /// <summary>What else belongs to the history, beside the schedules.</summary>
    [Parameter]
    public RenderFragment? ChildContent { get; set; }

    private List<StoredSnapshot> Chosen => [.. _snapshots.Where(s => _chosen.Contains(s.Id))];

    private SnapshotQuery Query => new() { HostId = HostId, Pid = Process.Pid, StartStamp = Process.StartStamp };

    private string AllUrl => SnapshotListUrl.Of(Query with { ProcessName = ProcessName });

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
        // A schedule tells after every run, so what it took appears here by itself.
        _refresh = new LiveRefresh(() => InvokeAsync(ReadAsync), Time, error => Logger.LogError(error, "A refresh of the history failed."), subscribe: Schedules.Subscribe);
    }

    /// <inheritdoc/>
    protected override async Task OnParametersSetAsync()
    {
        if (_shown != (HostId, Process, Version))
        {
            _shown = (HostId, Process, Version);
            await ReadAsync();
        }
    }

    private static string Words(StoredSnapshot snapshot) => string.Join(", ", new[]
    {
        TimeText.Full(snapshot.TakenAt),
        CauseMark.Words(snapshot.Cause),
        snapshot.Label.Length > 0 ? $"“{snapshot.Label}”" : "",
        $"{ByteText.Rounded(snapshot.Private)} private",
        snapshot.Pinned ? "pinned" : "",
    }.Where(word => word.Length > 0));

    // From the oldest shown to now; the marks keep a mark's width inside the line.
    private IEnumerable<(StoredSnapshot Snapshot, string Style)> Places()
    {
        var begin = _snapshots[0].TakenAt;
        var length = Math.Max(1, (Time.GetUtcNow() - begin).TotalSeconds);
        return _snapshots.Select(s => (s, string.Create(CultureInfo.InvariantCulture, $"left:calc({Math.Clamp((s.TakenAt - begin).TotalSeconds / length, 0, 1):0.####} * (100% - 16px))")));
    }

    private void Choose(StoredSnapshot snapshot)
    {
        if (_chosen.Remove(snapshot.Id))
        {
            return;
        }
        if (_chosen.Count == 2)
        {
            _chosen.RemoveAt(0);
        }
        _chosen.Add(snapshot.Id);
    }

    private void Open(string id) => Navigation.NavigateTo($"/snapshots/{id}");

    private async Task ReadAsync()
    {
        try
        {
            var newest = await Store.ListAsync(Query with { Take = MaximumMarks }, _leaving.Token);
            _total = await Store.CountAsync(Query, _leaving.Token);
            _snapshots = [.. newest.Reverse()];
            _chosen.RemoveAll(id => _snapshots.TrueForAll(s => s.Id != id));
            _schedules = Schedules.All.Count(s => s.HostId == HostId && (s.Pid is null ? s.ProcessName == ProcessName : s.Pid == Process.Pid && s.StartStamp == Process.StartStamp));
            _error = "";
            _read = true;
        }
        catch (OperationCanceledException) when (_leaving.Begun)
        {
            return;
        }
        catch (StoreException ex)
        {
            Logger.LogError(ex, "The history could not be read.");
            _error = ex.Message;
        }
        StateHasChanged();
    }

    private async Task ScheduleAsync()
    {
        var dialog = await Dialogs.ShowAsync<ScheduleDialog>("Schedule or rule", new DialogParameters<ScheduleDialog>
        {
            { d => d.HostId, HostId },
            { d => d.ProcessName, ProcessName },
            { d => d.Process, Process },
        }, s_dialog);
        if (await dialog.Result is not { Canceled: false, Data: NewSchedule wanted })
        {
            return;
        }
        try
        {
            var who = Authentication is null ? "" : (await Authentication).User.Identity?.Name ?? "";
            var made = await Schedules.AddAsync(wanted, who, _leaving.Token);
            Snackbar.Add($"Takes snapshots of {ScheduleText.Of(made)}.", Severity.Success);
        }
        catch (OperationCanceledException) when (_leaving.Begun)
        {
            // The user left.
        }
        catch (Exception ex) when (ex is StoreException or ArgumentException)
        {
            Snackbar.Add(ex.Message, Severity.Error);
        }
    }
}
