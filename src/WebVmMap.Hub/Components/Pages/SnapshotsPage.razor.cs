using System.Globalization;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using MudBlazor;
using WebVmMap.Hub.Components.Controls;
using WebVmMap.Hub.Components.Interop;
using WebVmMap.Hub.Components.Refresh;
using WebVmMap.Hub.Components.Text;
using WebVmMap.Hub.Components.Views;
using WebVmMap.Hub.Store;
using WebVmMap.Hub.Store.Records;

namespace WebVmMap.Hub.Components.Pages;

/// <summary>The snapshots that are kept: found, sorted, named, pinned, deleted, and chosen to be compared.</summary>
public sealed partial class SnapshotsPage : IAsyncDisposable
{
    private const int PageSize = 100;

    private static readonly SnapshotQuery s_all = new() { Take = PageSize };
    private static readonly SnapshotCause[] s_causes = [SnapshotCause.ByHand, SnapshotCause.Schedule, SnapshotCause.Rule, SnapshotCause.Import];
    private static readonly DialogOptions s_dialog = new() { CloseOnEscapeKey = true, FullWidth = true, MaxWidth = MaxWidth.ExtraSmall };

    private readonly Leaving _leaving = new();
    private readonly Dictionary<string, StoredSnapshot> _chosen = [];
    private List<StoredSnapshot>? _found;
    private SnapshotQuery _filter = s_all;
    private string _readFrom = "";
    private string _error = "";
    private int _total;
    private int _asked;
    private int _version;

    [Inject]
    private ISnapshotStore Store { get; set; } = null!;

    [Inject]
    private NavigationManager Navigation { get; set; } = null!;

    [Inject]
    private PageInterop Browser { get; set; } = null!;

    [Inject]
    private IDialogService Dialogs { get; set; } = null!;

    [Inject]
    private ISnackbar Snackbar { get; set; } = null!;

    [Inject]
    private ILogger<SnapshotsPage> Logger { get; set; } = null!;

    [CascadingParameter]
    private Task<AuthenticationState>? Authentication { get; set; }

    private IEnumerable<StoredSnapshot> ChosenOldestFirst => _chosen.Values.OrderBy(s => s.TakenAt);

    private string? ProcessChip => (_filter.ProcessName, _filter.Pid) switch
    {
        (null, null) => null,
        (null, { } pid) => string.Create(CultureInfo.InvariantCulture, $"pid {pid}"),
        ({ } name, null) => name,
        ({ } name, { } pid) => string.Create(CultureInfo.InvariantCulture, $"{name} ({pid})"),
    };

    private string? CompareUrl => _chosen.Count == 2 && ChosenOldestFirst.ToList() is [var a, var b] ? SnapshotLinks.Compare(a.Id, b.Id) : null;

    private string? TrendUrl => _chosen.Count >= 3 && _chosen.Values.Select(s => (s.HostId, s.Process.Key)).Distinct().Count() == 1
        ? SnapshotLinks.Trend(ChosenOldestFirst.Select(s => s.Id))
        : null;

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _leaving.DisposeAsync();

    /// <inheritdoc/>
    protected override async Task OnParametersSetAsync()
    {
        if (Navigation.Uri == _readFrom)
        {
            return;
        }
        _readFrom = Navigation.Uri;
        _filter = SnapshotListUrl.Parse(new Uri(Navigation.Uri).Query) with { Take = PageSize };
        await ReadAsync(0);
    }

    private static string Url(SnapshotQuery filter) => SnapshotListUrl.Of(filter);

    private static string Day(DateTimeOffset? time) => time?.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) ?? "";

    private static DateTimeOffset? ReadDay(object? value) =>
        DateTime.TryParseExact(value as string, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var day)
            ? new DateTimeOffset(day)
            : null;

    private static string Words(StoredSnapshot snapshot) => string.Join('\n', new[] { snapshot.Label, snapshot.Note, snapshot.ImportFile ?? "" }.Where(text => text.Length > 0));

    private Task SortAsync(SnapshotOrder order) => ShowAsync(_filter with
    {
        Order = order,
        // Names begin with A, figures and times with the largest.
        Ascending = order == _filter.Order ? !_filter.Ascending : order is SnapshotOrder.Process or SnapshotOrder.Host,
    });

    private async Task ShowAsync(SnapshotQuery filter)
    {
        _filter = filter;
        await Browser.ReplaceUrlAsync(Url(filter));
        await ReadAsync(0);
    }

    private Task MoreAsync() => ReadAsync(_found?.Count ?? 0);

    private async Task ReadAsync(int skip)
    {
        var asked = ++_asked;
        await TryAsync(async () =>
        {
            var found = await Store.ListAsync(_filter with { Skip = skip }, _leaving.Token);
            var total = await Store.CountAsync(_filter, _leaving.Token);
            if (asked == _asked)
            {
                _found = [.. skip > 0 ? _found ?? [] : [], .. found];
                _total = total;
            }
        });
        _found ??= [];
    }

    private void Choose(StoredSnapshot snapshot)
    {
        if (!_chosen.Remove(snapshot.Id))
        {
            _chosen[snapshot.Id] = snapshot;
        }
    }

    private async Task EditAsync(StoredSnapshot snapshot)
    {
        if (await KeptWordsDialog.AskAsync(Dialogs, "Label and note", "Label", new KeptWords(snapshot.Label, snapshot.Note, snapshot.Pinned)) is { } words)
        {
            await ChangeAsync(snapshot, new SnapshotChange { Label = words.Name, Note = words.Note, Pinned = words.Pinned });
        }
    }

    private async Task ChangeAsync(StoredSnapshot snapshot, SnapshotChange change)
    {
        await TryAsync(async () =>
        {
            if (await Store.ChangeAsync(snapshot.Id, change, _leaving.Token) is { } changed)
            {
                _found = [.. (_found ?? []).Select(s => s.Id == changed.Id ? changed : s)];
            }
            else
            {
                Snackbar.Add("That snapshot has been deleted meanwhile.", Severity.Warning);
            }
        });
        _version++;
    }

    private async Task DeleteChosenAsync()
    {
        var chosen = ChosenOldestFirst.ToList();
        if (chosen.Count > 1)
        {
            var dialog = await Dialogs.ShowAsync<ConfirmDialog>("Delete", new DialogParameters<ConfirmDialog>
            {
                { d => d.Message, $"Delete {ByteText.Count(chosen.Count)} snapshots? Links to them stop working. For 15 minutes they can be taken back." },
                { d => d.Action, "Delete" },
            }, s_dialog);
            if (await dialog.Result is not { Canceled: false })
            {
                return;
            }
        }
        await DeleteAsync(chosen);
    }

    private async Task DeleteAsync(List<StoredSnapshot> snapshots)
    {
        var who = Authentication is null ? "" : (await Authentication).User.Identity?.Name ?? "";
        var deleted = new List<string>();
        await TryAsync(async () =>
        {
            foreach (var snapshot in snapshots)
            {
                if (await Store.DeleteAsync(snapshot.Id, who, _leaving.Token))
                {
                    deleted.Add(snapshot.Id);
                }
                _chosen.Remove(snapshot.Id);
            }
        });
        if (deleted.Count > 0)
        {
            Snackbar.Add($"{ByteText.Count(deleted.Count, "snapshot", "snapshots")} deleted.", Severity.Normal, options =>
            {
                options.Action = "Undo";
                options.OnClick = _ => InvokeAsync(() => RestoreAsync(deleted, who));
            });
        }
        await ReadAgainAsync();
    }

    private async Task RestoreAsync(List<string> ids, string who)
    {
        await TryAsync(async () =>
        {
            foreach (var id in ids)
            {
                await Store.RestoreAsync(id, who, _leaving.Token);
            }
        });
        await ReadAgainAsync();
        StateHasChanged();
    }

    private async Task ReadAgainAsync()
    {
        _version++;
        await ReadAsync(0);
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
            // The user left.
        }
        catch (StoreException ex)
        {
            Logger.LogError(ex, "The store refused.");
            _error = ex.Message;
        }
    }
}
