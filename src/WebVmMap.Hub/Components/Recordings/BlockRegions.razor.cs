using System.Globalization;
using Microsoft.AspNetCore.Components;
using WebVmMap.Core.Processes;
using WebVmMap.Core.Snapshots;
using WebVmMap.Hub.Components.Refresh;
using WebVmMap.Hub.Components.Views;
using WebVmMap.Hub.Hosts;
using WebVmMap.Hub.Live;
using WebVmMap.Hub.Recordings;
using WebVmMap.Hub.Store;

namespace WebVmMap.Hub.Components.Recordings;

/// <summary>
/// The regions in which live blocks of a recording begin. Of one under way they are those of the process now; of one that has ended, those of
/// the last snapshot that is kept from its time, and where there is none, those of the process if it goes on.
/// </summary>
public sealed partial class BlockRegions : IAsyncDisposable
{
    private const int FirstRows = 5;

    private readonly Leaving _leaving = new();
    private ILiveProcessLease? _lease;
    private LiveProcessAddress _watched;
    private string? _askedFor;
    private Snapshot? _snapshot;
    private string _snapshotId = "";
    private BlocksByRegion? _found;
    private string _note = "";
    private long _bytes;
    private long _used;
    private bool _waits;
    private bool _all;

    [Inject]
    private RecordedBlocks Blocks { get; set; } = null!;

    [Inject]
    private ILiveProcesses Processes { get; set; } = null!;

    [Inject]
    private ISnapshotStore Store { get; set; } = null!;

    /// <summary>The recording.</summary>
    [Parameter, EditorRequired]
    public required Recording Recording { get; set; }

    /// <summary>Which of its blocks.</summary>
    [Parameter, EditorRequired]
    public required BlockListQuestion Question { get; set; }

    /// <summary>Two questions of the same words here are the same.</summary>
    [Parameter, EditorRequired]
    public required string QuestionKey { get; set; }

    private ProcessKey Process => new(Recording.Pid, Recording.StartStamp);

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _lease?.Dispose();
        return _leaving.DisposeAsync();
    }

    /// <inheritdoc/>
    protected override Task OnParametersSetAsync()
    {
        var asked = $"{Recording.Id}\n{Recording.HasEnded}\n{QuestionKey}";
        if (asked == _askedFor)
        {
            return Task.CompletedTask;
        }
        (_askedFor, _found, _note, _waits, _all) = (asked, null, "Asking for the regions…", false, false);
        return AskAsync(asked);
    }

    private string Href(ulong address) => _snapshotId.Length == 0
        ? ProcessRecordings.RegionHref(Recording.HostId, Process, address)
        : $"/snapshots/{Uri.EscapeDataString(_snapshotId)}?sel={Uri.EscapeDataString(SelectionTokens.Region(address))}";

    private async Task AskAsync(string asked)
    {
        if (Recording.HasEnded && await TryKeptAsync(asked, Recording.StoppedAt))
        {
            return;
        }
        if (asked != _askedFor || _leaving.Begun)
        {
            return;
        }
        var address = new LiveProcessAddress(Recording.HostId, Recording.Pid, Recording.StartStamp);
        if (_lease is null || address != _watched)
        {
            _lease?.Dispose();
            (_watched, _used) = (address, 0);
            // By hand: one pass for each question, and none while somebody reads.
            _lease = Processes.Watch(address, 0, () => _ = InvokeAsync(PullAsync));
        }
        else if (_lease.Current.Sequence == _used)
        {
            _lease.SampleNow();
        }
        _waits = true;
        await PullAsync();
    }

    private async Task PullAsync()
    {
        if (!_waits || _lease?.Current is not { } state || _askedFor is not { } asked)
        {
            return;
        }
        if (state is { Status: LiveStatus.Live, Snapshot: { } newest } && state.Sequence != _used)
        {
            (_waits, _used) = (false, state.Sequence);
            await CountAsync(asked, newest, "");
        }
        else if (state.Status is not (LiveStatus.Live or LiveStatus.Starting))
        {
            _waits = false;
            if (state.Snapshot is { } last)
            {
                await CountAsync(asked, last, "");
            }
            else if (!await TryKeptAsync(asked, null) && asked == _askedFor)
            {
                _note = $"In which regions they lie is not known: the process cannot be looked at now, and no snapshot of it is kept. {state.Message}";
                StateHasChanged();
            }
        }
    }

    private async Task<bool> TryKeptAsync(string asked, DateTimeOffset? upto)
    {
        try
        {
            var query = new SnapshotQuery { HostId = Recording.HostId, Pid = Recording.Pid, StartStamp = Recording.StartStamp, From = Recording.StartedAt, To = upto, Take = 1 };
            if (await Store.ListAsync(query, _leaving.Token) is not [var stored] || await Store.LoadAsync(stored.Id, _leaving.Token) is not { } snapshot)
            {
                return false;
            }
            await CountAsync(asked, snapshot, stored.Id);
            return true;
        }
        catch (OperationCanceledException) when (_leaving.Begun)
        {
            return true;
        }
        catch (StoreException)
        {
            // No regions from there: the page says what the database refuses where it matters.
            return false;
        }
    }

    private async Task CountAsync(string asked, Snapshot snapshot, string snapshotId)
    {
        var (found, note, bytes) = ((BlocksByRegion?)null, "", 0L);
        try
        {
            // Not on the circuit, which answers clicks.
            (found, note, bytes) = await Task.Run(async () =>
            {
                var (bounds, rows) = BlocksByRegion.Bounds(snapshot.Regions);
                if (bounds.Length > RecordedBlocks.MaximumBounds)
                {
                    return (null, string.Create(CultureInfo.InvariantCulture, $"In which regions they lie is not told: the process has more than {RecordedBlocks.MaximumBounds / 2:N0}."), 0);
                }
                var list = await Blocks.FindAsync(Recording.Id, Question with { Top = 0, Bounds = bounds }, _leaving.Token);
                return (list is null ? null : BlocksByRegion.Of(rows, list.Groups, list.Count, list.Bytes), "", list?.Bytes ?? 0);
            });
        }
        catch (OperationCanceledException) when (_leaving.Begun)
        {
            return;
        }
        catch (Exception ex) when (ex is AgentRequestException or StoreException or ArgumentException)
        {
            // The list of the blocks themselves, which stands below, says why there is none.
        }
        if (asked == _askedFor)
        {
            (_found, _note, _bytes, _snapshot, _snapshotId) = (found, note, bytes, snapshot, snapshotId);
            StateHasChanged();
        }
    }
}
