using System.Text;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using MudBlazor;
using WebVmMap.Core.Diffs;
using WebVmMap.Core.Processes;
using WebVmMap.Core.Regions;
using WebVmMap.Hub.Components.Controls;
using WebVmMap.Hub.Components.Grid;
using WebVmMap.Hub.Components.Interop;
using WebVmMap.Hub.Components.Text;
using WebVmMap.Hub.Components.Views;

namespace WebVmMap.Hub.Components.Compare;

/// <summary>
/// What changed as a table, allocations and their regions: filter, threshold, order, selection, copy. The rows are worked out by
/// <see cref="ChangeModel"/>.
/// </summary>
public sealed partial class ChangesPanel
{
    private static readonly DiffSort[] s_orders = [DiffSort.Default, DiffSort.Growth, DiffSort.Shrinkage, new(DiffColumn.Address, false)];

    private readonly HashSet<int> _expanded = [];
    private readonly Dictionary<DiffColumn, bool> _chosenColumns = [];
    private TreeGrid<ChangeRow>? _grid;
    // Made in OnParametersSet, before anything reads them.
    private ChangeModel _model = null!;
    private ChangeRows _rows = null!;
    private SelectedChanges _selected = null!;
    private (SnapshotDiff Diff, SelectionTokens Tokens, RegionMetric Metric, RegionCategory? Category)? _selectedFor;
    private IReadOnlyList<GridColumn<ChangeRow>> _columns = [];
    private string _anchor = "";
    private string _shownSelection = "";

    [Inject]
    private PageInterop Page { get; set; } = null!;

    [Inject]
    private ISnackbar Snackbar { get; set; } = null!;

    /// <summary>What to list.</summary>
    [Parameter, EditorRequired]
    public required SnapshotDiff Diff { get; set; }

    /// <summary>How to list it.</summary>
    [Parameter, EditorRequired]
    public required DiffState State { get; set; }

    /// <summary>The user wants it otherwise.</summary>
    [Parameter]
    public EventCallback<DiffState> StateChanged { get; set; }

    /// <summary>Id of the element.</summary>
    [Parameter]
    public string ElementId { get; set; } = "changes";

    private HostPlatform Platform => Diff.After.Platform;

    /// <inheritdoc/>
    protected override void OnParametersSet()
    {
        var query = ChangeQuery.Of(State);
        if (_model?.Diff != Diff)
        {
            _expanded.Clear();
        }
        if (_model?.Diff != Diff || _model.Query != query)
        {
            _model = ChangeModel.Build(Diff, query);
            _rows = _model.Rows(_expanded);
        }
        if (_selectedFor != (Diff, State.Selection, State.Metric, State.Category))
        {
            _selectedFor = (Diff, State.Selection, State.Metric, State.Category);
            _selected = SelectedChanges.Of(Diff, State.Selection, query);
        }
        if (State.Selection.Last != _shownSelection)
        {
            OpenAround(State.Selection.Last);
        }
        BuildColumns();
    }

    /// <inheritdoc/>
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        // What was chosen elsewhere, or came with the URL, is brought into sight once.
        if (State.Selection.Last != _shownSelection)
        {
            _shownSelection = State.Selection.Last;
            if (IndexOf(_shownSelection) is >= 0 and var index && _grid is not null)
            {
                await _grid.ShowAsync(index);
            }
        }
    }

    private static string RowKey(ChangeRow row) => row.IsRegion ? $"r{row.Region}" : $"a{row.Allocation}";

    private static string CountText(ChangeTotals totals) =>
        $"{ByteText.Count(totals.Regions, "region", "regions")} in {ByteText.Count(totals.Allocations, "allocation", "allocations")}";

    private string FullText(ChangeTotals totals) => string.Join('\n',
    [
        $"{CountText(totals)}, {MetricNames.Of(State.Metric).Title}:",
        $"grown by {ByteText.Exact(totals.Growth)}",
        $"shrunk by {ByteText.Exact(totals.Shrinkage)}",
        $"in all {ChangeText.Exact(totals.Delta)}: {ByteText.Exact(totals.Before)} before, {ByteText.Exact(totals.After)} after",
    ]);

    private static string ThresholdText(long bytes) => bytes == 0 ? "nothing" : $"below {ByteText.Rounded(bytes)}";

    private static string OrderText(DiffSort sort) => sort switch
    {
        { Column: DiffColumn.Magnitude } => "largest change",
        { Column: DiffColumn.Delta, Descending: true } => "most growth",
        { Column: DiffColumn.Delta } => "most shrinkage",
        { Column: DiffColumn.Address, Descending: false } => "lowest address",
        _ => sort.Column.ToString().ToLowerInvariant(),
    };

    private void BuildColumns()
    {
        var shown = ChangeGridColumns.Of(Platform, State.Metric).Where(IsShown).ToList();
        if (shown.Select(c => (c.ToString(), ChangeGridColumns.Title(c, State.Metric))).SequenceEqual(_columns.Select(c => (c.Id, c.Title))))
        {
            return;
        }
        _columns =
        [
            .. shown.Select(c =>
            {
                var column = ChangeGridColumns.ToGrid(c, () => _model, State.Metric, Platform);
                return c switch
                {
                    DiffColumn.Type => column with { Template = TypeCell },
                    DiffColumn.Change => column with { Template = ChangeCell },
                    _ when ChangeGridColumns.IsDelta(c) => column with { Template = row => DeltaCell(row, c) },
                    _ => column,
                };
            }),
        ];
    }

    // Differences that are empty in most processes show when they are not, or when they are asked for.
    private bool IsShown(DiffColumn column) => _chosenColumns.TryGetValue(column, out var chosen) ? chosen : column switch
    {
        DiffColumn.Size or DiffColumn.Committed or DiffColumn.Private or DiffColumn.TotalWs => true,
        <= DiffColumn.Reserved => State.Sort.Column == column,
        _ => true,
    };

    private GridRowLook Look(ChangeRow row)
    {
        var selected = _selected.Contains(row);
        return row.IsRegion
            ? new(2, null, selected, _model.Diff.Regions.Changes[row.Region] == RegionChange.Same)
            : new(1, _model.CanOpen(row.Allocation) ? _expanded.Contains(row.Allocation) : null, selected, _model.Diff.Regions.AllocationChanges[row.Allocation] == RegionChange.Same);
    }

    // A region that was chosen in the picture has a row only while its allocation is open.
    private void OpenAround(string token)
    {
        if (DiffLookup.Of(Diff.Regions).Find(token, out var isAllocation) is >= 0 and var row
            && !isAllocation
            && Diff.Regions.AllocationOf(row) is var allocation
            && _model.CanOpen(allocation)
            && _expanded.Add(allocation))
        {
            Relist();
        }
    }

    private void Relist() => _rows = _model.Rows(_expanded);

    private string TokenOf(ChangeRow row) =>
        row.IsRegion ? DiffLookup.Of(Diff.Regions).RegionToken(row.Region) : DiffLookup.Of(Diff.Regions).AllocationToken(row.Allocation);

    private int IndexOf(string token)
    {
        if (DiffLookup.Of(Diff.Regions).Find(token, out var isAllocation) is >= 0 and var row)
        {
            return isAllocation ? _rows.IndexOfAllocation(Diff.Regions.AllocationOf(row)) : _rows.IndexOfRegion(row);
        }
        if (SelectionTokens.TryReadGroup(token, out _, out _))
        {
            for (var index = 0; index < _rows.Count; index++)
            {
                if (_selected.Contains(_rows[index]))
                {
                    return index;
                }
            }
        }
        return -1;
    }

    private Task SortAsync(string column) => StateChanged.InvokeAsync(State with { Sort = State.Sort.Click(Enum.Parse<DiffColumn>(column)) });

    private Task PickAsync(GridPick pick)
    {
        if (pick.Index >= _rows.Count)
        {
            return Task.CompletedTask;
        }
        var anchor = pick.Extend ? IndexOf(_anchor) : -1;
        var selection = SelectionPick.Apply(State.Selection, pick, anchor, index => TokenOf(_rows[index]), out var isCut);
        if (isCut)
        {
            Snackbar.Add($"At most {SelectionTokens.MaxTokens} rows can be selected; the filter sums any number.", Severity.Info);
        }
        if (anchor < 0)
        {
            _anchor = TokenOf(_rows[pick.Index]);
        }
        // What the user picks here is in sight already.
        _shownSelection = selection.Last;
        return StateChanged.InvokeAsync(State with { Selection = selection });
    }

    private void Toggle(int index)
    {
        if (index >= _rows.Count || _rows[index] is { IsRegion: true } || !_model.CanOpen(_rows[index].Allocation))
        {
            return;
        }
        var allocation = _rows[index].Allocation;
        if (!_expanded.Remove(allocation))
        {
            _expanded.Add(allocation);
        }
        Relist();
    }

    private void ExpandAll()
    {
        _expanded.UnionWith(_model.Allocations.Where(_model.CanOpen));
        Relist();
    }

    private void CollapseAll()
    {
        _expanded.Clear();
        Relist();
    }

    private void ToggleColumn(DiffColumn column)
    {
        _chosenColumns[column] = !IsShown(column);
        BuildColumns();
    }

    private Task OnGridKeyAsync((KeyboardEventArgs Key, int Index) pressed) =>
        pressed.Key is { Key: "c" or "C", CtrlKey: true } or { Key: "c" or "C", MetaKey: true } ? CopyAsync() : Task.CompletedTask;

    private async Task CopyAsync()
    {
        var rows = _rows.Where(_selected.Contains).ToList();
        if (rows.Count == 0)
        {
            Snackbar.Add("Select rows first.", Severity.Info);
            return;
        }
        var columns = ChangeGridColumns.Of(Platform, State.Metric);
        var text = new StringBuilder().AppendJoin('\t', columns.Select(c => ChangeGridColumns.Title(c, State.Metric)));
        foreach (var row in rows)
        {
            text.Append('\n').AppendJoin('\t', columns.Select(c => ChangeGridColumns.CopyText(_model, row, c)));
        }
        var copied = await Page.CopyAsync(text.ToString());
        Snackbar.Add(
            copied ? $"Copied {ByteText.Count(rows.Count, "row", "rows")}." : "The browser does not let this page write to the clipboard. It does over HTTPS or on localhost.",
            copied ? Severity.Success : Severity.Warning);
    }
}
