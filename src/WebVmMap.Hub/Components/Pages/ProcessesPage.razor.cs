using System.Globalization;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.AspNetCore.WebUtilities;
using WebVmMap.Hub.Components.Grid;
using WebVmMap.Hub.Components.Interop;
using WebVmMap.Hub.Components.ProcessList;
using WebVmMap.Hub.Components.Refresh;
using WebVmMap.Hub.Hosts;
using WebVmMap.Hub.Processes;

namespace WebVmMap.Hub.Components.Pages;

/// <summary>The processes of one host or of all, live, flat or as trees.</summary>
public sealed partial class ProcessesPage : IAsyncDisposable
{
    private readonly Dictionary<string, IProcessListLease> _leases = [];
    private readonly HashSet<(string Host, int Pid)> _collapsed = [];
    private TreeGrid<ProcessRow>? _grid;
    private LiveRefresh? _refresh;
    private string? _watched;
    private string _readFrom = "";
    private ProcessQuery _query = new("", ProcessSort.Default, true);
    private IReadOnlyList<HostState> _hosts = [];
    private List<(HostState Host, ProcessListState List)> _lists = [];
    private IReadOnlyList<ProcessRow> _rows = [];
    private IReadOnlyList<GridColumn<ProcessRow>> _columns = [];
    private long _privateSum;
    private long _workingSetSum;
    private bool _waiting = true;
    private bool _reading;
    private bool _anchored;
    private bool _held;

    [Inject]
    private IHostDirectory Hosts { get; set; } = null!;

    [Inject]
    private IProcessDirectory Processes { get; set; } = null!;

    [Inject]
    private NavigationManager Navigation { get; set; } = null!;

    [Inject]
    private PageInterop Browser { get; set; } = null!;

    [Inject]
    private TimeProvider Time { get; set; } = null!;

    [Inject]
    private ILogger<ProcessesPage> Logger { get; set; } = null!;

    /// <summary>Only of this host; null for all.</summary>
    [Parameter]
    public string? HostId { get; set; }

    private string HostName => _hosts.Count == 1 && HostId is not null ? _hosts[0].Name : HostId ?? "";

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var lease in _leases.Values)
        {
            lease.Dispose();
        }
        if (_refresh is not null)
        {
            await _refresh.DisposeAsync();
        }
    }

    /// <inheritdoc/>
    protected override void OnInitialized()
    {
        _refresh = new LiveRefresh(() => InvokeAsync(Pull), Time, error => Logger.LogError(error, "A refresh of the process list failed."), subscribe: Hosts.Subscribe);
    }

    /// <inheritdoc/>
    protected override void OnParametersSet()
    {
        if (Navigation.Uri != _readFrom)
        {
            _readFrom = Navigation.Uri;
            var values = QueryHelpers.ParseQuery(new Uri(Navigation.Uri).Query);
            _query = new(
                values.TryGetValue("q", out var search) && search.ToString() is { Length: <= 500 } text ? text : "",
                ProcessSort.Parse(values.TryGetValue("sort", out var sort) ? sort.ToString() : null),
                !(values.TryGetValue("tree", out var tree) && tree == "0"));
        }
        if (_watched != (HostId ?? "*"))
        {
            _watched = HostId ?? "*";
            foreach (var lease in _leases.Values)
            {
                lease.Dispose();
            }
            _leases.Clear();
            _columns = [.. ProcessGridColumns.Of(HostId is null).Select(c => c.Id == nameof(ProcessColumn.Name) ? c with { Template = NameCell } : c)];
        }
        Pull();
    }

    private static string Link(ProcessRow row) => ProcessGridColumns.Link(row.Listed);

    private static GridRowLook Look(ProcessRow row) =>
        new(row.Level, row.Expanded, false, row.Listed.Process.Limitation.Length > 0 || !row.Listed.Host.Online || !row.Matches);

    private void Pull()
    {
        _hosts = HostId is null ? Hosts.Hosts : Hosts.Find(HostId) is { } host ? [host] : [];
        foreach (var added in _hosts.Where(h => !_leases.ContainsKey(h.Id)))
        {
            _leases.Add(added.Id, Processes.Watch(added.Id, () => _refresh?.Wake()));
        }
        _lists = [.. _hosts.Select(h => (h, _leases[h.Id].Current))];
        _waiting = _lists.TrueForAll(l => l.List.AsOf is null && l.List.Error.Length == 0);
        // Nothing jumps while it is read.
        _anchored = _reading;
        BuildRows(hold: _reading && _query.Sort.IsLive);
        StateHasChanged();
    }

    private void BuildRows(bool hold)
    {
        var held = hold ? new HeldOrder<(string, int)>(_rows.Select(r => r.Key)) : null;
        var all = _lists.SelectMany(l => l.List.Processes.Select(p => new ListedProcess(l.Host, p))).ToList();
        _rows = ProcessTree.Build(all, _query, _collapsed, held);
        _held = held?.HasMoved == true;
        // In the tree a row holds the sums of all below it: only the tops are added up.
        var tops = _rows.Where(r => r.Level == 1).ToList();
        _privateSum = tops.Sum(r => r.PrivateBytes);
        _workingSetSum = tops.Sum(r => r.WorkingSetBytes);
    }

    private void SetQuery(ProcessQuery query)
    {
        _query = query;
        SortNow();
        var parts = new Dictionary<string, string?>();
        if (query.Search.Length > 0)
        {
            parts["q"] = query.Search;
        }
        if (query.Sort != ProcessSort.Default)
        {
            parts["sort"] = query.Sort.ToString();
        }
        if (!query.Tree)
        {
            parts["tree"] = "0";
        }
        _ = Browser.ReplaceUrlAsync(QueryHelpers.AddQueryString(new Uri(Navigation.Uri).AbsolutePath, parts));
    }

    private static string RowKey(ProcessRow row) => string.Create(CultureInfo.InvariantCulture, $"{row.Key.Host}/{row.Key.Pid}");

    private void Reading(bool isRead)
    {
        _reading = isRead;
        if (!isRead && _held)
        {
            SortNow();
        }
    }

    private void SortNow()
    {
        _anchored = false;
        BuildRows(hold: false);
    }

    private async Task SortNowAsync(MouseEventArgs pressed)
    {
        SortNow();
        if (_grid is not null)
        {
            // The button goes; who pressed it by the keyboard goes on in the table.
            await _grid.ShowTopAsync(focus: pressed.Detail == 0);
        }
    }

    private void ClearSearch() => SetQuery(_query with { Search = "" });

    private void SortAsync(string column) => SetQuery(_query with { Sort = _query.Sort.Click(Enum.Parse<ProcessColumn>(column)) });

    private void Open(GridPick pick)
    {
        if (pick.Index < _rows.Count && !pick.Toggle && !pick.Extend)
        {
            Navigation.NavigateTo(Link(_rows[pick.Index]));
        }
    }

    private void Toggle(int index)
    {
        if (index >= _rows.Count)
        {
            return;
        }
        var id = (_rows[index].Listed.Host.Id, _rows[index].Listed.Process.Key.Pid);
        if (!_collapsed.Remove(id))
        {
            _collapsed.Add(id);
        }
        BuildRows(hold: _held);
    }
}
