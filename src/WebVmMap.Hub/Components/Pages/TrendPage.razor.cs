using System.Globalization;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.WebUtilities;
using WebVmMap.Core.Processes;
using WebVmMap.Core.Regions;
using WebVmMap.Core.Trends;
using WebVmMap.Hub.Components.Compare;
using WebVmMap.Hub.Components.Refresh;
using WebVmMap.Hub.Components.Views;
using WebVmMap.Hub.Hosts;
using WebVmMap.Hub.Store;

namespace WebVmMap.Hub.Components.Pages;

/// <summary>What grew through many snapshots of a process, and what grew once.</summary>
public sealed partial class TrendPage
{
    private const int MostIds = 500;

    // A reading ends when the user leaves, or asks for something else.
    private Leaving _reading = new();
    private StoredTrend? _found;
    private Trend? _trend;
    private (string Which, RegionMetric Metric)? _loaded;
    private string _error = "";
    private string _from = "";
    private string _to = "";
    private DateTimeOffset _askedAt;
    private TrendProgress _progress;

    [Inject]
    private IHostDirectory Hosts { get; set; } = null!;

    [Inject]
    private ISnapshotTrends Trends { get; set; } = null!;

    [Inject]
    private ISnapshotStore Store { get; set; } = null!;

    /// <summary>Ids of the snapshots, with commas between them; or else a process.</summary>
    [SupplyParameterFromQuery(Name = "ids")]
    private string? Ids { get; set; }

    /// <summary>Id of the host.</summary>
    [SupplyParameterFromQuery(Name = "host")]
    private string? HostId { get; set; }

    /// <summary>Id of the process there.</summary>
    [SupplyParameterFromQuery(Name = "pid")]
    private int? Pid { get; set; }

    /// <summary>Its start stamp; absent for the process of that id which was seen last.</summary>
    [SupplyParameterFromQuery(Name = "start")]
    private string? Start { get; set; }

    /// <inheritdoc/>
    protected override string PagePath => "/trend";

    /// <inheritdoc/>
    protected override string IdentityQuery => QueryHelpers.AddQueryString(
        "",
        new Dictionary<string, string?> { ["ids"] = Ids, ["host"] = HostId, ["pid"] = Pid?.ToString(CultureInfo.InvariantCulture), ["start"] = Start }.Where(part => !string.IsNullOrEmpty(part.Value))).TrimStart('?');

    private IReadOnlyList<StoredSnapshot> Snapshots => _found?.Snapshots ?? [];

    private string Title => Snapshots.Count == 0 ? "Trend" : $"Trend of {Snapshots[^1].Process.Name} on {Snapshots[^1].HostName}";

    private HostPlatform Platform => Hosts.Find(Snapshots[^1].HostId)?.Platform ?? HostPlatform.Unspecified;

    /// <inheritdoc/>
    protected override TrendState ParseState(string query) =>
        QueryHelpers.ParseQuery(query).TryGetValue("by", out var by) && MetricNames.TryParse(by, out var metric) ? new TrendState { Metric = metric } : new TrendState();

    /// <inheritdoc/>
    protected override string FormatState(TrendState state) => state.Metric == new TrendState().Metric ? "" : $"by={MetricNames.Of(state.Metric).Key}";

    /// <inheritdoc/>
    protected override void StateHasBeenSet(TrendState before) => _ = InvokeAsync(ReadGuardedAsync);

    /// <inheritdoc/>
    protected override Task OnParametersSetAsync() => ReadGuardedAsync();

    /// <inheritdoc/>
    protected override ValueTask LeaveAsync() => _reading.DisposeAsync();

    private static string MetricText(RegionMetric metric) => MetricNames.Of(metric).Title;

    private string RegionHref(TrendRegion region) => CompareUrl(Snapshots[0].Id, Snapshots[^1].Id, SelectionTokens.Of(SelectionTokens.Region(region.Address)));

    private string CompareUrl(string before, string after, SelectionTokens selection)
    {
        var state = DiffStateUrl.Format(DiffState.Default with { Metric = State.Metric, Selection = selection });
        return $"/compare?a={Uri.EscapeDataString(before)}&b={Uri.EscapeDataString(after)}{(state.Length > 0 ? "&" + state : "")}";
    }

    private void Compare() => Navigation.NavigateTo(CompareUrl(_from, _to, SelectionTokens.None));

    private async Task ReadGuardedAsync()
    {
        var asked = (IdentityQuery, State.Metric);
        if (asked == _loaded)
        {
            return;
        }
        (_loaded, _found, _trend, _error, _askedAt, _progress) = (asked, null, null, "", Time.GetUtcNow(), default);
        var (before, reading) = (_reading, new Leaving());
        _reading = reading;
        await before.DisposeAsync();
        try
        {
            await ReadAsync(asked, reading.Token);
        }
        catch (OperationCanceledException) when (reading.Begun)
        {
            return;
        }
        catch (Exception ex) when (ex is InvalidDataException or StoreException)
        {
            LogRefreshFailure(ex);
            if (_loaded == asked)
            {
                _error = ex is InvalidDataException ? "One of these snapshots cannot be read: what is stored is damaged." : ex.Message;
            }
        }
        StateHasChanged();
    }

    private async Task ReadAsync((string Which, RegionMetric Metric) asked, CancellationToken cancellation)
    {
        // Hundreds of snapshots are read and summed: not on the circuit, which answers clicks.
        var found = await Task.Run(() => FindAsync(asked.Metric, cancellation), cancellation);
        if (_loaded != asked)
        {
            return;
        }
        (_found, _trend) = (found, found.Trend);
        _error = found switch
        {
            { Missing: { } id } => $"The snapshot {id} is not kept any more. It may have been deleted.",
            { Trend: null } => found.Refusal,
            _ => "",
        };
        if (found.Trend is not null)
        {
            (_from, _to) = (found.Snapshots[0].Id, found.Snapshots[^1].Id);
        }
    }

    // The waiting panel shows it with its next beat: a render for each of hundreds of snapshots would cost more than it tells.
    private ReadingProgress Progress(CancellationToken cancellation) => new(progress =>
    {
        if (!cancellation.IsCancellationRequested)
        {
            _progress = progress;
        }
    });

    private async Task<StoredTrend> FindAsync(RegionMetric metric, CancellationToken cancellation)
    {
        if (!string.IsNullOrEmpty(Ids))
        {
            return await Trends.OfAsync([.. Ids.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Take(MostIds)], metric, Progress(cancellation), cancellation);
        }
        return string.IsNullOrEmpty(HostId) || Pid is not { } pid
            ? new StoredTrend { Refusal = "Choose a process, or several snapshots of one, on the Snapshots page." }
            : await Trends.OfProcessAsync(HostId, pid, await StartedAsync(HostId, pid, cancellation), metric, Progress(cancellation), cancellation);
    }

    /// <summary>When the process of the address's start stamp started; null for the one that was seen last.</summary>
    private async Task<DateTimeOffset?> StartedAsync(string host, int pid, CancellationToken cancellation)
    {
        if (!long.TryParse(Start, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var stamp))
        {
            return null;
        }
        var listed = await Store.ListAsync(new SnapshotQuery { HostId = host, Pid = pid, Take = MostIds }, cancellation);
        return listed.FirstOrDefault(stored => stored.Process.Key.StartStamp == stamp)?.Process.StartTime;
    }

    private sealed class ReadingProgress(Action<TrendProgress> report) : IProgress<TrendProgress>
    {
        public void Report(TrendProgress value) => report(value);
    }
}
