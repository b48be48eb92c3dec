using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using MudBlazor;
using WebVmMap.Hub.Components.Controls;
using WebVmMap.Hub.Components.Refresh;
using WebVmMap.Hub.Components.Text;
using WebVmMap.Hub.Hosts;
using WebVmMap.Hub.Schedules;
using WebVmMap.Hub.Store;

namespace WebVmMap.Hub.Components.Pages;

/// <summary>Everything that takes snapshots by itself: what, when, and how it went.</summary>
public sealed partial class SchedulesPage : IAsyncDisposable
{
    private static readonly DialogOptions s_dialog = new() { CloseOnEscapeKey = true, FullWidth = true, MaxWidth = MaxWidth.ExtraSmall };

    private readonly Leaving _leaving = new();
    private LiveRefresh? _refresh;
    private List<Schedule> _shown = [];
    private string _error = "";

    [Inject]
    private ISchedules Schedules { get; set; } = null!;

    [Inject]
    private IHostDirectory Hosts { get; set; } = null!;

    [Inject]
    private IDialogService Dialogs { get; set; } = null!;

    [Inject]
    private TimeProvider Time { get; set; } = null!;

    [Inject]
    private ILogger<SchedulesPage> Logger { get; set; } = null!;

    [CascadingParameter]
    private Task<AuthenticationState>? Authentication { get; set; }

    /// <summary>Id of the host to show; absent for all.</summary>
    [SupplyParameterFromQuery(Name = "host")]
    private string? Host { get; set; }

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
        _refresh = new LiveRefresh(() => InvokeAsync(Pull), Time, error => Logger.LogError(error, "A refresh of the schedules failed."), subscribe: Schedules.Subscribe);
    }

    /// <inheritdoc/>
    protected override void OnParametersSet() => Pull();

    private void Pull()
    {
        _shown = [.. Schedules.All.Where(s => Host is null || s.HostId == Host)];
        StateHasChanged();
    }

    private string Next(Schedule schedule) => schedule switch
    {
        { Enabled: false } => "paused",
        { IsRule: true } => "looks every minute",
        _ => TimeText.Full(ScheduleSlots.Next(schedule, Time.GetUtcNow()))[..16],
    };

    private Task SetEnabledAsync(Schedule schedule) => TryAsync(() =>
        Schedules.ChangeAsync(schedule.Id, new ScheduleChange { Enabled = !schedule.Enabled }, _leaving.Token));

    private async Task DeleteAsync(Schedule schedule)
    {
        var dialog = await Dialogs.ShowAsync<ConfirmDialog>("Delete", new DialogParameters<ConfirmDialog>
        {
            { d => d.Message, $"No more snapshots of {ScheduleText.Of(schedule)}. Those it took stay." },
            { d => d.Action, "Delete" },
        }, s_dialog);
        if (await dialog.Result is { Canceled: false })
        {
            var who = Authentication is null ? "" : (await Authentication).User.Identity?.Name ?? "";
            await TryAsync(() => Schedules.DeleteAsync(schedule.Id, who, _leaving.Token));
        }
    }

    private async Task TryAsync(Func<Task> action)
    {
        try
        {
            await action();
            _error = "";
        }
        catch (OperationCanceledException) when (_leaving.Begun)
        {
            return;
        }
        catch (Exception ex) when (ex is StoreException or ArgumentException)
        {
            _error = ex.Message;
        }
        Pull();
    }
}
