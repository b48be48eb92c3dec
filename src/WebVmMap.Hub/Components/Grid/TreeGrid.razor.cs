using System.Globalization;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.JSInterop;
using WebVmMap.Hub.Components.Interop;

namespace WebVmMap.Hub.Components.Grid;

/// <summary>
/// A virtualized table of a tree's visible rows, with the keyboard of a treegrid: arrows, Page Up and Down, Home, End, Left
/// and Right to close and open, Space to select, Enter to open. Rows are read by index, so 100,000 of them cost nothing
/// until they come into sight.
/// </summary>
/// <typeparam name="TRow">What a row holds.</typeparam>
public sealed partial class TreeGrid<TRow> : IAsyncDisposable
{
    private const int PageRows = 10;
    private const int LeastName = 110;

    private readonly string _id = "grid-" + Guid.NewGuid().ToString("n")[..8];
    private ElementReference _root;
    private RowIndexes _indexes = new(0);
    private string _tracks = "";
    private string _minWidth = "";
    private int _active = -1;
    private string _activeKey = "";
    private IReadOnlyList<TRow>? _activeIn;
    private DotNetObjectReference<GridEvents>? _events;
    private IJSObjectReference? _keys;
    private bool _disposed;

    [Inject]
    private PageInterop Page { get; set; } = null!;

    /// <summary>The rows.</summary>
    [Parameter, EditorRequired]
    public required IReadOnlyList<TRow> Rows { get; set; }

    /// <summary>The columns.</summary>
    [Parameter, EditorRequired]
    public required IReadOnlyList<GridColumn<TRow>> Columns { get; set; }

    /// <summary>How a row stands in the tree.</summary>
    [Parameter, EditorRequired]
    public required Func<TRow, GridRowLook> Look { get; set; }

    /// <summary>What a row is known by from one sample to the next; no two rows have the same.</summary>
    [Parameter, EditorRequired]
    public required Func<TRow, string> Key { get; set; }

    /// <summary>Whether the first row in sight stays where it is when rows above it come or go.</summary>
    [Parameter]
    public bool Anchored { get; set; }

    /// <summary>What the table is, for screen readers.</summary>
    [Parameter, EditorRequired]
    public required string Label { get; set; }

    /// <summary>Height of a row in CSS pixels; every row has the same.</summary>
    [Parameter]
    public int RowHeight { get; set; } = 26;

    /// <summary>Further CSS classes.</summary>
    [Parameter]
    public string Class { get; set; } = "";

    /// <summary>Whether several rows can be selected.</summary>
    [Parameter]
    public bool MultiSelect { get; set; }

    /// <summary>Id of the column it is sorted by.</summary>
    [Parameter]
    public string SortId { get; set; } = "";

    /// <summary>Whether the largest comes first.</summary>
    [Parameter]
    public bool SortDescending { get; set; }

    /// <summary>What stands there when there are no rows.</summary>
    [Parameter]
    public RenderFragment? Empty { get; set; }

    /// <summary>A click on a column's head, with its id.</summary>
    [Parameter]
    public EventCallback<string> OnSort { get; set; }

    /// <summary>A row was chosen.</summary>
    [Parameter]
    public EventCallback<GridPick> OnPick { get; set; }

    /// <summary>A row was opened by double click or Enter.</summary>
    [Parameter]
    public EventCallback<int> OnOpen { get; set; }

    /// <summary>A row's children are to be shown or hidden.</summary>
    [Parameter]
    public EventCallback<int> OnToggle { get; set; }

    /// <summary>
    /// Somebody began (true) or ceased (false) to read it: the pointer is over it, the focus in it, or it is scrolled away
    /// from its top.
    /// </summary>
    [Parameter]
    public EventCallback<bool> OnReading { get; set; }

    /// <summary>A key that the grid does not use itself, with the active row's index or -1.</summary>
    [Parameter]
    public EventCallback<(KeyboardEventArgs Key, int Index)> OnKey { get; set; }

    private bool HasActive => _active >= 0 && _active < Rows.Count;

    /// <summary>Makes a row the active one and brings it into sight.</summary>
    public async Task ShowAsync(int index)
    {
        if (index < 0 || index >= Rows.Count)
        {
            return;
        }
        Activate(index);
        StateHasChanged();
        await Page.ScrollRowIntoViewAsync(_root, index, RowHeight);
    }

    /// <summary>Scrolls to its first row.</summary>
    /// <param name="focus">Whether it takes the focus as well.</param>
    public async Task ShowTopAsync(bool focus)
    {
        await Page.ScrollRowIntoViewAsync(_root, 0, RowHeight);
        if (focus)
        {
            await _root.FocusAsync(preventScroll: true);
        }
    }

    /// <inheritdoc/>
    protected override void OnParametersSet()
    {
        FollowActive();
        if (_indexes.Count != Rows.Count)
        {
            _indexes = new RowIndexes(Rows.Count);
        }
        _tracks = string.Join(' ', Columns.Select(Track));
        _minWidth = $"calc({string.Join(" + ", Columns.Select(Least))})";
    }

    /// <inheritdoc/>
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender)
        {
            _events = DotNetObjectReference.Create(new GridEvents(isRead => InvokeAsync(() => OnReading.InvokeAsync(isRead))));
            try
            {
                _keys = await Page.BindGridAsync(_root, _events);
            }
            catch (JSException) when (_disposed)
            {
                // The page was left while the module was on its way: the element it would bind to is gone.
            }
            if (_disposed)
            {
                await JsDisposal.CloseQuietlyAsync(_keys);
            }
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _disposed = true;
        await JsDisposal.CloseQuietlyAsync(_keys);
        _events?.Dispose();
    }

    private static string Track(GridColumn<TRow> column) => column.Flex > 0
        ? string.Create(CultureInfo.InvariantCulture, $"minmax({Least(column)}, {column.Flex}fr)")
        : Least(column);

    private static string Least(GridColumn<TRow> column) => column.Beside > 0
        ? string.Create(CultureInfo.InvariantCulture, $"clamp({LeastName}px, 100vw - {column.Beside}px, {column.Width}px)")
        : string.Create(CultureInfo.InvariantCulture, $"{column.Width}px");

    private static string? Blank(string text) => text.Length == 0 ? null : text;

    private static string? Flag(bool? value) => value switch { true => "true", false => "false", null => null };

    private static string CellClass(GridColumn<TRow> column, int index) =>
        (index == 0 ? "first " : "") + (column.Numeric ? "num " : "") + (column.Monospace ? "mono" : "");

    private string RowId(int index) => $"{_id}-{index}";

    private string Arrow(GridColumn<TRow> column) => SortId != column.Id ? "" : SortDescending ? "▾" : "▴";

    private string RowClass(GridRowLook look, int index) =>
        (look.Selected ? "selected " : "") + (look.Dimmed ? "dimmed " : "") + (look.Level > 1 ? "child " : "") + (index == _active ? "active" : "");

    private void Activate(int index) => (_active, _activeKey, _activeIn) = (index, Key(Rows[index]), Rows);

    // Rows come and go; the active one is a row, not a place.
    private void FollowActive()
    {
        if (_active < 0 || ReferenceEquals(_activeIn, Rows))
        {
            return;
        }
        _activeIn = Rows;
        if (HasActive && Key(Rows[_active]) == _activeKey)
        {
            return;
        }
        for (var index = 0; index < Rows.Count; index++)
        {
            if (Key(Rows[index]) == _activeKey)
            {
                _active = index;
                return;
            }
        }
        // Gone: the keyboard goes on from where it was.
        if (HasActive)
        {
            _activeKey = Key(Rows[_active]);
        }
    }

    private Task OnRowClickAsync(int index, MouseEventArgs args)
    {
        if (index >= Rows.Count)
        {
            return Task.CompletedTask;
        }
        Activate(index);
        return OnPick.InvokeAsync(new GridPick(index, args.CtrlKey || args.MetaKey, args.ShiftKey));
    }

    private async Task OnKeyDownAsync(KeyboardEventArgs args)
    {
        switch (args.Key)
        {
            case "ArrowDown":
                await MoveAsync(_active + 1, args);
                break;
            case "ArrowUp":
                await MoveAsync(_active - 1, args);
                break;
            case "PageDown":
                await MoveAsync(_active + PageRows, args);
                break;
            case "PageUp":
                await MoveAsync(_active - PageRows, args);
                break;
            case "Home":
                await MoveAsync(0, args);
                break;
            case "End":
                await MoveAsync(Rows.Count - 1, args);
                break;
            case "ArrowRight" when HasActive && Look(Rows[_active]).Expanded == false:
            case "ArrowLeft" when HasActive && Look(Rows[_active]).Expanded == true:
                await OnToggle.InvokeAsync(_active);
                break;
            case "ArrowLeft" when HasActive && Look(Rows[_active]).Level > 1:
                await MoveAsync(ParentOf(_active), args);
                break;
            case "ArrowRight" or "ArrowLeft":
                break;
            case " " when HasActive:
                await OnPick.InvokeAsync(new GridPick(_active, MultiSelect, false));
                break;
            case "Enter" when HasActive:
                await OnOpen.InvokeAsync(_active);
                break;
            default:
                await OnKey.InvokeAsync((args, HasActive ? _active : -1));
                break;
        }
    }

    private int ParentOf(int index)
    {
        var level = Look(Rows[index]).Level;
        while (index > 0 && Look(Rows[index]).Level >= level)
        {
            index--;
        }
        return index;
    }

    private async Task MoveAsync(int index, KeyboardEventArgs args)
    {
        if (Rows.Count == 0)
        {
            return;
        }
        Activate(Math.Clamp(index, 0, Rows.Count - 1));
        if (args.ShiftKey && MultiSelect)
        {
            await OnPick.InvokeAsync(new GridPick(_active, false, true));
        }
        await Page.ScrollRowIntoViewAsync(_root, _active, RowHeight);
    }
}
