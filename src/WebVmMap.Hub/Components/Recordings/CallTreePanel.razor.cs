using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using MudBlazor;
using WebVmMap.Core.Recordings;
using WebVmMap.Hub.Components.Grid;
using WebVmMap.Hub.Components.Interop;
using WebVmMap.Hub.Components.Text;
using WebVmMap.Hub.Recordings;

namespace WebVmMap.Hub.Components.Recordings;

/// <summary>
/// A call tree as a table: find, order, the hot path, copy. Its rows are worked out by <see cref="CallModel"/>. It tells what the flame
/// graph draws.
/// </summary>
public sealed partial class CallTreePanel
{
    private const string HotPathKey = "h";
    private const string SourceKey = "s";

    private readonly HashSet<ulong> _toggled = [];
    private TreeGrid<CallRow>? _grid;
    // Made in OnParametersSet, before anything reads it.
    private CallModel _model = null!;
    private List<CallRow> _rows = [];
    private IReadOnlyList<GridColumn<CallRow>> _columns = [];
    private (AllocationMetric Metric, bool IsCompared)? _columnsFor;
    private string _shownSelection = "";
    private bool _isOpened;
    private bool _isByHand;
    private bool _reading;
    private bool _anchored;
    private bool _held;

    [Inject]
    private PageInterop Page { get; set; } = null!;

    [Inject]
    private ISnackbar Snackbar { get; set; } = null!;

    /// <summary>What to list.</summary>
    [Parameter, EditorRequired]
    public required CallTree Tree { get; set; }

    /// <summary>What names its nodes.</summary>
    [Parameter, EditorRequired]
    public required CallTreeTokens Tokens { get; set; }

    /// <summary>How to list it.</summary>
    [Parameter, EditorRequired]
    public required RecordingViewState State { get; set; }

    /// <summary>The user wants it otherwise.</summary>
    [Parameter]
    public EventCallback<RecordingViewState> StateChanged { get; set; }

    /// <summary>Whether source text can be asked for: by those who are signed in.</summary>
    [Parameter]
    public bool OffersSource { get; set; } = true;

    /// <summary>Id of the element.</summary>
    [Parameter]
    public string ElementId { get; set; } = "calls";

    // Until somebody opens, closes or picks a row, the hot path is open as it is now.
    private bool IsLeftAlone => !_isByHand && !_reading && !_model.IsFiltered;

    // Words in brackets are no function, and neither is a module.
    private CallFocus? Focus => State.Question.View != CallTreeView.ByModule && Tokens.Find(State.Selection) is > 0 and var node
        && Tree.Nodes[node].Place is var place && !place.Function.StartsWith('[') ? new(place.Function, place.Module) : null;

    // Line 0 stands for those that the call has, where they are together.
    private SourcePlace? Source => OffersSource && Tokens.Find(State.Selection) is > 0 and var node && Tree.Nodes[node].Place is { File.Length: > 0 } place ? new(place.File, place.Line) : null;

    private string CountText
    {
        get
        {
            if (!_model.IsFiltered)
            {
                return ByteText.Count(Tree.Nodes.Length - 1, "call", "calls");
            }
            var sum = _model.MatchingSum(State.Metric);
            if (Tree.IsCompared)
            {
                return $"{ByteText.Count(_model.Matching, "call matches", "calls match")}: {(sum == 0 ? "no change" : MetricWords.Growth(State.Metric, sum))}";
            }
            var share = Tree.Root.Total[State.Metric] is > 0 and var whole ? CallColumns.ShareText((double)sum / whole) : "";
            return $"{ByteText.Count(_model.Matching, "call matches", "calls match")}: {MetricWords.Text(State.Metric, sum)}{(share.Length > 0 ? $", {share}" : "")}";
        }
    }

    /// <inheritdoc/>
    protected override void OnParametersSet()
    {
        if (_model is not null && _model.Filter != State.Filter.Trim())
        {
            // What leads to a match is open by itself; what was open for another search is not meant.
            _toggled.Clear();
        }
        var isNew = !ReferenceEquals(_model?.Tree, Tree) || _model.Filter != State.Filter.Trim() || _model.Order != State.Order;
        var hold = isNew && _model is not null && _model.Order == State.Order && _reading;
        if (isNew)
        {
            _model = CallModel.Build(Tree, Tokens, State.Filter, State.Order);
        }
        if (isNew && Tree.Nodes.Length > 1 && (!_isOpened || IsLeftAlone))
        {
            // A recording's first moments seldom have what matters later; what somebody reads does not open by itself.
            _isOpened = true;
            var hot = new HashSet<ulong>();
            if (_model!.OpenHotPath(0, State.Metric, hot) > 0)
            {
                _toggled.Clear();
                _toggled.UnionWith(hot);
            }
        }
        if (State.Selection != _shownSelection && Tokens.Find(State.Selection) is > 0 and var selected)
        {
            _isByHand = true;
            _model!.OpenAbove(selected, _toggled);
            isNew = true;
        }
        if (isNew)
        {
            // Nothing jumps while it is read.
            _anchored = _reading;
            BuildRows(hold);
        }
        if (_columnsFor != (State.Metric, Tree.IsCompared))
        {
            _columnsFor = (State.Metric, Tree.IsCompared);
            _columns = [.. CallColumns.Of(() => _model!, State.Metric, Tree.IsCompared).Select(column => column.Id switch
            {
                CallSort.Function => column with { Template = NameCell },
                CallColumns.Share when !Tree.IsCompared => column with { Template = ShareCell },
                _ when Tree.IsCompared => column with { Template = row => GrowthCell(column.Text(row)) },
                _ => column,
            })];
        }
    }

    /// <inheritdoc/>
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        // What was chosen elsewhere, or came with the URL, is brought into sight once.
        if (State.Selection == _shownSelection)
        {
            return;
        }
        if (State.Selection.Length == 0)
        {
            _shownSelection = "";
        }
        else if (IndexOf(Tokens.Find(State.Selection)) is >= 0 and var index && _grid is not null)
        {
            _shownSelection = State.Selection;
            await _grid.ShowAsync(index);
        }
    }

    private string RowKey(CallRow row) => _model.Tokens.Of(row.Node);

    private GridRowLook Look(CallRow row) =>
        new(_model.Tree.Nodes[row.Node].Depth + 1, row.Expanded, row.Node > 0 && _model.Tokens.Of(row.Node) == State.Selection, !row.Matches);

    private void BuildRows(bool hold)
    {
        // The rows before may be of an older tree: what they are known by is their path.
        var held = hold ? new HeldOrder<ulong>(_shown) : null;
        var rows = _model.Rows(_toggled, held);
        _shown = [.. rows.Select(row => _model.Tokens.HashOf(row.Node))];
        _rows = rows;
        _held = held?.HasMoved == true;
    }

    private ulong[] _shown = [];

    private int IndexOf(int node)
    {
        for (var index = 0; index < _rows.Count; index++)
        {
            if (_rows[index].Node == node)
            {
                return index;
            }
        }
        return -1;
    }

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

    private Task SortAsync(string column) => column == CallColumns.Share
        ? StateChanged.InvokeAsync(State with { Sort = State.Order.Click(MetricWords.Key(State.Metric)) })
        : StateChanged.InvokeAsync(State with { Sort = State.Order.Click(column) });

    private Task PickAsync(GridPick pick)
    {
        if (pick.Index >= _rows.Count)
        {
            return Task.CompletedTask;
        }
        var token = _model.Tokens.Of(_rows[pick.Index].Node);
        // What the user picks here is in sight already.
        (_shownSelection, _isByHand) = (token, true);
        return StateChanged.InvokeAsync(State with { Selection = pick.Toggle && token == State.Selection ? "" : token });
    }

    private void Toggle(int index)
    {
        if (index >= _rows.Count || _rows[index].Expanded is null)
        {
            return;
        }
        _isByHand = true;
        var hash = _model.Tokens.HashOf(_rows[index].Node);
        if (!_toggled.Remove(hash))
        {
            _toggled.Add(hash);
        }
        BuildRows(hold: _held);
    }

    private void CollapseAll()
    {
        _isByHand = true;
        _toggled.Clear();
        BuildRows(hold: false);
    }

    private Task OpenHotPathAsync() => OpenHotPathAsync(Math.Max(0, Tokens.Find(State.Selection)));

    private Task OpenHotPathAsync(int from)
    {
        _isByHand = true;
        _model.OpenAbove(from, _toggled);
        var end = _model.OpenHotPath(from, State.Metric, _toggled);
        BuildRows(hold: _held);
        // It is brought into sight after the render.
        return StateChanged.InvokeAsync(State with { Selection = _model.Tokens.Of(end) });
    }

    private Task OnGridKeyAsync((KeyboardEventArgs Key, int Index) pressed) => pressed.Key switch
    {
        { Key: "c" or "C", CtrlKey: true } or { Key: "c" or "C", MetaKey: true } => CopyAsync(),
        { CtrlKey: false, MetaKey: false, AltKey: false } key when string.Equals(key.Key, HotPathKey, StringComparison.OrdinalIgnoreCase) =>
            OpenHotPathAsync(pressed.Index >= 0 && pressed.Index < _rows.Count ? _rows[pressed.Index].Node : 0),
        { CtrlKey: false, MetaKey: false, AltKey: false } key when string.Equals(key.Key, SourceKey, StringComparison.OrdinalIgnoreCase) => ShowSourceAsync(),
        _ => Task.CompletedTask,
    };

    private Task ShowSourceAsync() => Source is { } place ? StateChanged.InvokeAsync(State with { Source = place }) : Task.CompletedTask;

    private async Task CopyAsync()
    {
        var node = Tokens.Find(State.Selection);
        if (node <= 0)
        {
            Snackbar.Add("Select a call first.", Severity.Info);
            return;
        }
        var copied = await Page.CopyAsync(Path(node));
        Snackbar.Add(copied ? "The call and its callers are on the clipboard." : "The browser does not let this page write to the clipboard.", copied ? Severity.Success : Severity.Info);
    }

    // The selected call first, as a debugger prints a stack, with its figures at the top.
    private string Path(int node)
    {
        var text = new StringBuilder();
        text.AppendJoin(", ", MetricWords.All.Where(metric => Tree.Value(node, metric) != 0)
            .Select(metric => $"{MetricWords.Lower(metric)} {Tree.Value(node, metric).ToString(Tree.IsCompared ? "+0;-0" : "0", CultureInfo.InvariantCulture)}")).Append('\n');
        for (var at = node; at > 0; at = Tree.Nodes[at].Parent)
        {
            var place = Tree.Nodes[at].Place;
            text.Append(CallColumns.Name(_model, at));
            if (place.File.Length > 0)
            {
                text.Append(CultureInfo.InvariantCulture, $" at {place.File}:{place.Line}");
            }
            text.Append('\n');
        }
        return text.ToString();
    }
}
