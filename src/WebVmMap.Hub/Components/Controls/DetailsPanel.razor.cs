using System.Collections.Frozen;
using System.Globalization;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using MudBlazor;
using WebVmMap.Core.Regions;
using WebVmMap.Core.Snapshots;
using WebVmMap.Hub.Components.Details;
using WebVmMap.Hub.Components.Grid;
using WebVmMap.Hub.Components.Interop;
using WebVmMap.Hub.Components.Text;
using WebVmMap.Hub.Components.Views;

namespace WebVmMap.Hub.Components.Controls;

/// <summary>
/// The allocations and their regions as a table: filter, order, selection, copy. The rows are worked out by
/// <see cref="DetailsModel"/>; what is open is kept by address, so it outlives every sample.
/// </summary>
public sealed partial class DetailsPanel
{
    private readonly HashSet<ulong> _expanded = [];
    private readonly Dictionary<DetailsColumn, bool> _chosenColumns = [];
    private TreeGrid<DetailsRow>? _grid;
    // Made in OnParametersSet, before anything reads them.
    private DetailsModel _model = DetailsModel.Empty;
    private DetailsRows _rows = DetailsModel.Empty.Rows(FrozenSet<ulong>.Empty);
    private SelectedRegions _selected = SelectedRegions.Of(DetailsModel.Empty.Snapshot, SelectionTokens.None);
    private SelectionTokens? _selectedTokens;
    private Snapshot? _selectedIn;
    private IReadOnlyList<GridColumn<DetailsRow>> _columns = [];
    private ulong? _anchor;
    private ulong? _goTo;
    private string _shownSelection = "";
    private string _notFound = "";
    private bool _reading;
    private bool _anchored;

    [Inject]
    private PageInterop Page { get; set; } = null!;

    [Inject]
    private ISnackbar Snackbar { get; set; } = null!;

    /// <summary>What to list.</summary>
    [Parameter, EditorRequired]
    public required Snapshot Snapshot { get; set; }

    /// <summary>How to list it.</summary>
    [Parameter, EditorRequired]
    public required ViewState State { get; set; }

    /// <summary>The user wants it otherwise.</summary>
    [Parameter]
    public EventCallback<ViewState> StateChanged { get; set; }

    /// <summary>Id of the element.</summary>
    [Parameter]
    public string ElementId { get; set; } = "details";

    /// <inheritdoc/>
    protected override void OnParametersSet()
    {
        var query = new DetailsQuery(State.Filter, State.Category, State.Sort, State.ShowFree);
        if (_model.Snapshot != Snapshot || _model.Query != query)
        {
            // Nothing jumps while it is read, unless the reader asked for something else.
            _anchored = _reading && _model.Query == query;
            _model = DetailsModel.Build(Snapshot, query);
            _rows = _model.Rows(_expanded, _anchored && query.Sort.IsLive ? new HeldOrder<ulong>(_rows.Keys) : null);
        }
        if (_selectedIn != Snapshot || !State.Selection.Equals(_selectedTokens))
        {
            (_selectedIn, _selectedTokens) = (Snapshot, State.Selection);
            _selected = SelectedRegions.Of(Snapshot, State.Selection);
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
        // What was chosen elsewhere, or came with the URL, is brought into sight once; samples do not scroll.
        if (State.Selection.Last != _shownSelection)
        {
            _shownSelection = State.Selection.Last;
            if (_goTo is null && IndexOf(_shownSelection) is >= 0 and var index && _grid is not null)
            {
                await _grid.ShowAsync(index);
            }
        }
        if (_goTo is { } address && _grid is not null)
        {
            _goTo = null;
            await _grid.ShowAsync(_rows.IndexOfRegion(Snapshot.Regions.Find(address)));
        }
    }

    private string RowKey(DetailsRow row) => _model.Key(row).ToString("x", CultureInfo.InvariantCulture);

    // What is open or closed changes rows, not their order; and who opens or closes looks at what that does.
    private void Relist()
    {
        _anchored = false;
        _rows = _model.Rows(_expanded, _rows.IsHeld ? new HeldOrder<ulong>(_rows.Keys) : null);
    }

    private void Reading(bool isRead)
    {
        _reading = isRead;
        if (!isRead && _rows.IsHeld)
        {
            SortNow();
        }
    }

    private void SortNow()
    {
        _anchored = false;
        _rows = _model.Rows(_expanded);
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

    private static string CountText(DetailsTotals totals) =>
        $"{ByteText.Count(totals.Allocations, "allocation", "allocations")} · {ByteText.Rounded(totals.Size)} · {ByteText.Rounded(totals.TotalWs)} resident";

    private static string FullText(DetailsTotals totals) => string.Join('\n',
    [
        $"{ByteText.Count(totals.Regions, "block", "blocks")} in {ByteText.Count(totals.Allocations, "allocation", "allocations")}",
        $"Size {ByteText.Exact(totals.Size)}",
        $"Committed {ByteText.Exact(totals.Committed)}",
        $"Private {ByteText.Exact(totals.Private)}",
        $"Resident {ByteText.Exact(totals.TotalWs)}",
    ]);

    private void BuildColumns()
    {
        var shown = DetailsGridColumns.Of(Snapshot.Platform).Where(IsShown).ToList();
        if (shown.Select(c => c.ToString()).SequenceEqual(_columns.Select(c => c.Id)))
        {
            return;
        }
        _columns =
        [
            .. shown.Select(c =>
            {
                var column = DetailsGridColumns.ToGrid(c, () => _model, Snapshot.Platform);
                return c switch
                {
                    DetailsColumn.Type => column with { Template = TypeCell },
                    DetailsColumn.Details => column with { Template = DetailsCell },
                    _ => column,
                };
            }),
        ];
    }

    // Columns that are empty in most processes show when they are not, or when they are asked for.
    private bool IsShown(DetailsColumn column) => _chosenColumns.TryGetValue(column, out var chosen) ? chosen : column switch
    {
        DetailsColumn.Reserved => State.Sort.Column == column,
        DetailsColumn.LockedWs or DetailsColumn.Swap => State.Sort.Column == column || Snapshot.Summary.Total.Value((RegionMetric)column) != 0,
        _ => true,
    };

    private GridRowLook Look(DetailsRow row)
    {
        var selected = _selected.Contains(row);
        if (row.IsRegion)
        {
            return new(2, null, selected);
        }
        var table = Snapshot.Allocations;
        return new(1, table.Blocks(row.Allocation) > 1 ? _expanded.Contains(table.Address(row.Allocation)) : null, selected);
    }

    // A region that was chosen in the picture has a row only while its allocation is open.
    private void OpenAround(string token)
    {
        if (SelectionTokens.TryReadAddress(token, 'r', out var address)
            && Snapshot.Regions.Find(address) is >= 0 and var row
            && Snapshot.Allocations.OfRegion(row) is var allocation
            && Snapshot.Allocations.Blocks(allocation) > 1
            && _expanded.Add(Snapshot.Allocations.Address(allocation)))
        {
            Relist();
        }
    }

    private string TokenOf(DetailsRow row) => row.IsRegion
        ? SelectionTokens.Region(Snapshot.Regions.Addresses[row.Region])
        : SelectionTokens.Allocation(Snapshot.Allocations.Address(row.Allocation));

    private int IndexOf(string token)
    {
        if (SelectionTokens.TryReadAddress(token, 'r', out var address))
        {
            return Snapshot.Regions.Find(address) is >= 0 and var row ? _rows.IndexOfRegion(row) : -1;
        }
        if (SelectionTokens.TryReadAddress(token, 'a', out address))
        {
            return Snapshot.Regions.Find(address) is >= 0 and var row ? _rows.IndexOfAllocation(Snapshot.Allocations.OfRegion(row)) : -1;
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

    private Task SetFilterAsync(string filter)
    {
        _notFound = "";
        return StateChanged.InvokeAsync(State with { Filter = filter });
    }

    private async Task<bool> GoToTextAsync(string text)
    {
        if (!AddressText.TryParse(text, out var address))
        {
            return false;
        }
        var row = Snapshot.Regions.Find(address);
        if (row < 0)
        {
            _notFound = $"{AddressText.Format(address)} lies outside the address space.";
            StateHasChanged();
            return false;
        }
        _expanded.Add(Snapshot.Allocations.Address(Snapshot.Allocations.OfRegion(row)));
        _goTo = address;
        Relist();
        await StateChanged.InvokeAsync(State with
        {
            Filter = "",
            Category = null,
            ShowFree = State.ShowFree || Snapshot.Regions.Categories[row] == RegionCategory.Free,
            Selection = SelectionTokens.Of(SelectionTokens.Region(Snapshot.Regions.Addresses[row])),
        });
        return true;
    }

    private Task ClearAsync() => StateChanged.InvokeAsync(State with { Filter = "", Category = null });

    private Task SortAsync(string column) => StateChanged.InvokeAsync(State with { Sort = State.Sort.Click(Enum.Parse<DetailsColumn>(column)) });

    private Task PickAsync(GridPick pick)
    {
        if (pick.Index >= _rows.Count)
        {
            return Task.CompletedTask;
        }
        var anchor = pick.Extend && _anchor is { } address && Snapshot.Regions.Find(address) is >= 0 and var from ? _rows.IndexOfRegion(from) : -1;
        var selection = SelectionPick.Apply(State.Selection, pick, anchor, index => TokenOf(_rows[index]), out var isCut);
        if (isCut)
        {
            Snackbar.Add($"At most {SelectionTokens.MaxTokens} rows can be selected; the filter sums any number.", Severity.Info);
        }
        if (anchor < 0)
        {
            _anchor = DetailsGridColumns.Address(_model, _rows[pick.Index]);
        }
        // What the user picks here is in sight already.
        _shownSelection = selection.Last;
        return StateChanged.InvokeAsync(State with { Selection = selection });
    }

    private void Toggle(int index)
    {
        if (index >= _rows.Count || _rows[index] is { IsRegion: true } || Snapshot.Allocations.Blocks(_rows[index].Allocation) < 2)
        {
            return;
        }
        var address = Snapshot.Allocations.Address(_rows[index].Allocation);
        if (!_expanded.Remove(address))
        {
            _expanded.Add(address);
        }
        Relist();
    }

    private void ExpandAll()
    {
        _expanded.UnionWith(_model.Expandable());
        Relist();
    }

    private void CollapseAll()
    {
        _expanded.Clear();
        Relist();
    }

    private void ToggleColumn(DetailsColumn column)
    {
        _chosenColumns[column] = !IsShown(column);
        BuildColumns();
    }

    private Task OnGridKeyAsync((KeyboardEventArgs Key, int Index) pressed) =>
        pressed.Key is { Key: "c" or "C", CtrlKey: true } or { Key: "c" or "C", MetaKey: true } ? CopyAsync(DetailsCopy.Rows) : Task.CompletedTask;

    private async Task CopyAsync(DetailsCopy what)
    {
        var rows = _rows.Where(_selected.Contains).ToList();
        if (rows.Count == 0)
        {
            Snackbar.Add("Select rows first.", Severity.Info);
            return;
        }
        var copied = await Page.CopyAsync(DetailsCopyText.Format(_model, rows, what));
        Snackbar.Add(
            copied ? $"Copied {ByteText.Count(rows.Count, "row", "rows")}." : "The browser does not let this page write to the clipboard. It does over HTTPS or on localhost.",
            copied ? Severity.Success : Severity.Warning);
    }
}
