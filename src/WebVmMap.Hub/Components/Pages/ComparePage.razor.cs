using Microsoft.AspNetCore.Components;
using MudBlazor;
using WebVmMap.Core.Diffs;
using WebVmMap.Core.Snapshots;
using WebVmMap.Hub.Components.Compare;
using WebVmMap.Hub.Components.Refresh;
using WebVmMap.Hub.Components.Shares;
using WebVmMap.Hub.Components.Text;
using WebVmMap.Hub.Shares;
using WebVmMap.Hub.Store;

namespace WebVmMap.Hub.Components.Pages;

/// <summary>What changed between two kept snapshots.</summary>
public sealed partial class ComparePage
{
    private static readonly DialogOptions s_dialog = new() { CloseOnEscapeKey = true, FullWidth = true, MaxWidth = MaxWidth.Medium };

    private readonly Leaving _leaving = new();
    private StoredSnapshot? _before;
    private StoredSnapshot? _after;
    private SnapshotDiff? _diff;
    private (string A, string B) _loaded;
    private string _error = "";
    private DateTimeOffset _askedAt;

    [Inject]
    private ISnapshotDiffs Diffs { get; set; } = null!;

    [Inject]
    private ISnapshotStore Store { get; set; } = null!;

    [Inject]
    private IDialogService Dialogs { get; set; } = null!;

    [Inject]
    private ISnackbar Snackbar { get; set; } = null!;

    /// <summary>Id of the older one.</summary>
    [SupplyParameterFromQuery(Name = "a")]
    private string? BeforeId { get; set; }

    /// <summary>Id of the newer one.</summary>
    [SupplyParameterFromQuery(Name = "b")]
    private string? AfterId { get; set; }

    /// <inheritdoc/>
    protected override string PagePath => "/compare";

    /// <inheritdoc/>
    protected override string IdentityQuery =>
        string.Join('&', new[] { ("a", A), ("b", B) }.Where(part => part.Item2.Length > 0).Select(part => $"{part.Item1}={Uri.EscapeDataString(part.Item2)}"));

    private string A => BeforeId ?? "";

    private string B => AfterId ?? "";

    private string Title => _before is null || _after is null ? "Compare" : $"{Heading} on {_after.HostName}, {TimeText.Full(_before.TakenAt)} to {TimeText.Full(_after.TakenAt)}";

    private string Heading => $"What changed in {_after?.Process.Name}";

    /// <inheritdoc/>
    protected override DiffState ParseState(string query) => DiffStateUrl.Parse(query);

    /// <inheritdoc/>
    protected override string FormatState(DiffState state) => DiffStateUrl.Format(state);

    /// <inheritdoc/>
    protected override async Task OnParametersSetAsync()
    {
        var ids = (A, B);
        if (ids == _loaded)
        {
            return;
        }
        (_loaded, _before, _after, _diff, _error, _askedAt) = (ids, null, null, null, "", Time.GetUtcNow());
        try
        {
            await ReadAsync(ids);
        }
        catch (OperationCanceledException) when (_leaving.Begun)
        {
            // The user left before it was read.
        }
        catch (Exception ex) when (ex is InvalidDataException or StoreException)
        {
            LogRefreshFailure(ex);
            if (_loaded == ids)
            {
                _error = ex is StoreException ? ex.Message : "One of these snapshots cannot be read: what is stored is damaged.";
            }
        }
    }

    /// <inheritdoc/>
    protected override ValueTask LeaveAsync() => _leaving.DisposeAsync();

    private async Task ReadAsync((string A, string B) ids)
    {
        // A million regions take their time: not on the circuit, which answers clicks.
        var found = await Task.Run(() => FindAsync(ids), _leaving.Token);
        if (_loaded != ids)
        {
            return;
        }
        (_before, _after, _diff, _error) = (found.Before, found.After, found.Diff, found.Refusal);
        if ((_before is null && ids.A.Length > 0) || (_after is null && ids.B.Length > 0))
        {
            _error = (_before, _after) switch
            {
                (null, null) when ids.A.Length > 0 && ids.B.Length > 0 => "Neither of these two snapshots is kept any more. They may have been deleted.",
                (null, _) when ids.A.Length > 0 => "The snapshot before is not kept any more. It may have been deleted.",
                _ => "The snapshot after is not kept any more. It may have been deleted.",
            };
        }
    }

    private async Task<StoredDiff> FindAsync((string A, string B) ids) => ids.A.Length > 0 && ids.B.Length > 0
        ? await Diffs.CompareAsync(ids.A, ids.B, _leaving.Token)
        : new StoredDiff
        {
            Before = ids.A.Length == 0 ? null : await Store.FindAsync(ids.A, _leaving.Token),
            After = ids.B.Length == 0 ? null : await Store.FindAsync(ids.B, _leaving.Token),
        };

    private static string NothingChanged(SnapshotDiff diff) =>
        $"{ByteText.Count(diff.Regions.Count, "region is", "regions are")} the same in every column. "
        + $"Reading them took {Cost(diff.Before)} before and {Cost(diff.After)} after.";

    private static string Cost(Snapshot snapshot) =>
        $"{TimeText.Duration(snapshot.Cost.ElapsedMs)} ({TimeText.Duration(snapshot.Cost.AgentCpuMs)} of the agent's processor time)";

    private string SnapshotUrl(DiffSide side) => _diff is null ? "" : SideUrl.Of(side == DiffSide.Before ? A : B, side, _diff, State);

    private void Swap() => Go(B, A);

    private async Task ChooseAsync(bool isAfter)
    {
        var parameters = new DialogParameters<SnapshotPicker>
        {
            { picker => picker.Near, _after ?? _before },
            { picker => picker.Taken, isAfter ? A : B },
        };
        var dialog = await Dialogs.ShowAsync<SnapshotPicker>(isAfter ? "Compare with which one after?" : "Compare with which one before?", parameters, s_dialog);
        if (await dialog.Result is { Canceled: false, Data: string id })
        {
            Go(isAfter ? A : id, isAfter ? id : B);
        }
    }

    // What is chosen goes along: a filter or a category means the same between any two.
    private void Go(string before, string after)
    {
        var state = DiffStateUrl.Format(State with { Selection = Views.SelectionTokens.None, Zoom = "" });
        var parts = new[] { before.Length > 0 ? $"a={Uri.EscapeDataString(before)}" : "", after.Length > 0 ? $"b={Uri.EscapeDataString(after)}" : "", state };
        Navigation.NavigateTo($"{PagePath}?{string.Join('&', parts.Where(part => part.Length > 0))}");
    }

    private async Task ShareAsync()
    {
        if (_diff is { } diff && _before is { } before && _after is { } after)
        {
            await Dialogs.ShowAsync<ShareDialog>("Share", new DialogParameters<ShareDialog>
            {
                { dialog => dialog.Offer, ShareOffer.Of(ShareSubject.OfSnapshot(before.Id, after.Id), FormatState(State), (before.HostName, diff.Before), (after.HostName, diff.After)) },
            }, s_dialog);
        }
    }

    private async Task CopyLinkAsync()
    {
        var copied = await Browser.CopyAsync(Navigation.ToAbsoluteUri(CurrentUrl).ToString());
        Snackbar.Add(copied ? "The link shows exactly this view." : "The browser does not let this page write to the clipboard; the address line holds the link.", copied ? Severity.Success : Severity.Info);
    }
}
