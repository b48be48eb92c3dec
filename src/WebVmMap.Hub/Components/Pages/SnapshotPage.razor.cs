using Microsoft.AspNetCore.Components;
using MudBlazor;
using WebVmMap.Core.Snapshots;
using WebVmMap.Hub.Components.Refresh;
using WebVmMap.Hub.Components.Shares;
using WebVmMap.Hub.Components.Views;
using WebVmMap.Hub.Recordings;
using WebVmMap.Hub.Shares;
using WebVmMap.Hub.Store;

namespace WebVmMap.Hub.Components.Pages;

/// <summary>A kept snapshot, with the same views as a live process.</summary>
public sealed partial class SnapshotPage
{
    private static readonly DialogOptions s_dialog = new() { CloseOnEscapeKey = true, FullWidth = true, MaxWidth = MaxWidth.Small };

    private readonly Leaving _leaving = new();
    private StoredSnapshot? _stored;
    private Snapshot? _snapshot;
    private bool _hasBlocks;
    private string _loaded = "";
    private string _error = "";
    private DateTimeOffset _askedAt;

    [Inject]
    private ISnapshotStore Store { get; set; } = null!;

    [Inject]
    private ISnapshotRecordings Blocks { get; set; } = null!;

    [Inject]
    private IDialogService Dialogs { get; set; } = null!;

    [Inject]
    private ISnackbar Snackbar { get; set; } = null!;

    /// <summary>Id of the snapshot.</summary>
    [Parameter]
    public string Id { get; set; } = "";

    /// <inheritdoc/>
    protected override string PagePath => $"/snapshots/{Uri.EscapeDataString(Id)}";

    /// <inheritdoc/>
    protected override async Task OnParametersSetAsync()
    {
        if (Id == _loaded)
        {
            return;
        }
        (_loaded, _stored, _snapshot, _hasBlocks, _error, _askedAt) = (Id, null, null, false, "", Time.GetUtcNow());
        var id = Id;
        try
        {
            var stored = await Store.FindAsync(id, _leaving.Token);
            var snapshot = stored is null ? null : await Store.LoadAsync(id, _leaving.Token);
            var hasBlocks = stored is not null && await Blocks.HasAsync(id, _leaving.Token);
            if (id == Id)
            {
                (_stored, _snapshot, _hasBlocks) = (stored, snapshot, hasBlocks);
                _error = snapshot is null ? "There is no snapshot of this address. It may have been deleted." : "";
            }
        }
        catch (OperationCanceledException) when (_leaving.Begun)
        {
            // The user left before it was read.
        }
        catch (InvalidDataException ex)
        {
            LogRefreshFailure(ex);
            _error = "This snapshot cannot be read: what is stored is damaged.";
        }
        catch (StoreException ex)
        {
            LogRefreshFailure(ex);
            _error = ex.Message;
        }
    }

    /// <inheritdoc/>
    protected override ValueTask LeaveAsync() => _leaving.DisposeAsync();

    private static string Facts(StoredSnapshot stored) =>
        string.Join(" · ", new[] { stored.HostName, $"pid {stored.Process.Key.Pid}", stored.Process.Architecture, stored.Process.User }.Where(fact => fact.Length > 0));

    private async Task ShareAsync()
    {
        if (_stored is { } stored && _snapshot is { } snapshot)
        {
            await Dialogs.ShowAsync<ShareDialog>("Share", new DialogParameters<ShareDialog>
            {
                { dialog => dialog.Offer, ShareOffer.Of(ShareSubject.OfSnapshot(stored.Id), ViewStateUrl.Format(State, ViewState.Default), (stored.HostName, snapshot)) },
            }, s_dialog);
        }
    }

    private async Task CopyLinkAsync()
    {
        var copied = await Browser.CopyAsync(Navigation.ToAbsoluteUri(CurrentUrl).ToString());
        Snackbar.Add(copied ? "The link shows exactly this view." : "The browser does not let this page write to the clipboard; the address line holds the link.", copied ? Severity.Success : Severity.Info);
    }
}
