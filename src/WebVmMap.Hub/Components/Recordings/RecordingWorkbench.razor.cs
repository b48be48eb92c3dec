using Microsoft.AspNetCore.Components;
using WebVmMap.Core.Recordings;
using WebVmMap.Hub.Components.Controls;
using WebVmMap.Hub.Components.Refresh;
using WebVmMap.Hub.Components.Text;
using WebVmMap.Hub.Recordings;
using WebVmMap.Hub.Store;

namespace WebVmMap.Hub.Components.Recordings;

/// <summary>
/// A span of a recording in all its views. It reads when what is asked for changes; when the recording goes on, whoever shows it says so by
/// <see cref="ReadAsync"/>, or does not while it holds still.
/// </summary>
public sealed partial class RecordingWorkbench : IAsyncDisposable
{
    /// <summary>Each interval is shown as it comes; where its call tree takes the hub long, a third of the time at most goes to it.</summary>
    internal const int Rest = 2;

    private static readonly CallTreeView[] s_views = [CallTreeView.TopDown, CallTreeView.BottomUp, CallTreeView.ByModule];
    private static readonly AllocationKind?[] s_kinds = [AllocationKind.Heap, AllocationKind.Virtual, null];
    private static readonly TemporaryWithin[] s_withins = [TemporaryWithin.Interval, TemporaryWithin.Second, TemporaryWithin.TenSeconds];
    private static readonly bool[] s_colours = [false, true];

    private readonly Leaving _leaving = new();
    private (string Id, CallTreeQuestion Question, CallFocus? Focus)? _askedFor;
    private RecordingReading? _reading;
    private CallTreeMoment? _moment;
    private CallNeighbours? _neighbours;
    private DateTimeOffset _askedAt;
    private string _problem = "";
    private string _error = "";

    [Inject]
    private TimeProvider Time { get; set; } = null!;

    /// <summary>Where it is read.</summary>
    [Parameter, EditorRequired]
    public required RecordingSource Source { get; set; }

    /// <summary>What is known of it.</summary>
    [Parameter, EditorRequired]
    public required Recording Recording { get; set; }

    /// <summary>How it is looked at.</summary>
    [Parameter, EditorRequired]
    public required RecordingViewState State { get; set; }

    /// <summary>The user wants to look at it otherwise.</summary>
    [Parameter]
    public EventCallback<RecordingViewState> StateChanged { get; set; }

    /// <summary>Whether the picture holds still.</summary>
    [Parameter]
    public bool Paused { get; set; }

    /// <summary>Whether nothing more comes of it for now: then what is shown is greyed.</summary>
    [Parameter]
    public bool Stale { get; set; }

    /// <summary>Where the region of a block's address is shown; null for nowhere.</summary>
    [Parameter]
    public Func<ulong, string>? AddressHref { get; set; }

    /// <summary>The secret of the link that it is seen by; null for those who are signed in.</summary>
    [Parameter]
    public string? ShareSecret { get; set; }

    /// <summary>What somebody asked for is shown, with all that there was by then.</summary>
    [Parameter]
    public EventCallback OnAsked { get; set; }

    /// <summary>How the picture's own connection fares.</summary>
    [Parameter]
    public EventCallback<CanvasStatus> OnStatus { get; set; }

    private TimeSpan Ran => (Recording.StoppedAt ?? Time.GetUtcNow()) - Recording.StartedAt;

    private string CallName => _moment is { } moment && moment.Tokens.Find(State.Selection) is > 0 and var node ? moment.Tree.Nodes[node].Place.Function : "";

    // The selected call, and what leads to it.
    private List<CodePlace> CallPath(CallTreeMoment moment)
    {
        var path = new List<CodePlace>();
        for (var node = Math.Max(0, moment.Tokens.Find(State.Selection)); node > 0; node = moment.Tree.Nodes[node].Parent)
        {
            path.Add(moment.Tree.Nodes[node].Place);
        }
        path.Reverse();
        return path;
    }

    private BlockListQuestion BlockQuestion => new() { Calls = State.Question, Call = CallName.Length > 0 ? State.Selection : "" };

    private string BlockQuestionKey => $"{State.Question.Format()} {State.Selection}";

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _leaving.DisposeAsync();

    /// <inheritdoc/>
    protected override async Task OnParametersSetAsync()
    {
        var asked = (Recording.Id, State.Question, State.Focus);
        if (asked == _askedFor)
        {
            return;
        }
        if (_askedFor?.Id != Recording.Id)
        {
            (_reading, _moment, _neighbours, _error, _askedAt) = (null, null, null, "", Time.GetUtcNow());
        }
        _askedFor = asked;
        // Asked for by a person, not by the recording: at once, and also while it holds still.
        await ReadAsync(Recording);
        await OnAsked.InvokeAsync();
    }

    /// <summary>Reads what is there by now; it is shown when it is read.</summary>
    /// <param name="recording">What is known of it by now.</param>
    public async Task ReadAsync(Recording recording)
    {
        if (recording.Intervals == 0)
        {
            return;
        }
        var (id, question, focus) = (recording.Id, State.Question, State.Focus);
        try
        {
            // A day's intervals take their time: not on the circuit, which answers clicks.
            var (reading, moment, neighbours) = await Task.Run(async () => (
                await Source.Recordings.ReadAsync(id, state => RecordingReading.Of(recording.StartedAt, state, question.Kind), _leaving.Token),
                await Source.Trees.OfAsync(id, question, _leaving.Token),
                focus is null ? null : await NeighboursAsync(id, question, focus)));
            if (id == Recording.Id && question == State.Question && focus == State.Focus)
            {
                (_reading, _moment, _neighbours, _problem, _error) = (reading, moment, neighbours, "", "");
            }
        }
        catch (OperationCanceledException) when (_leaving.Begun)
        {
            return;
        }
        catch (ArgumentException ex)
        {
            _problem = ex.Message;
        }
        catch (StoreException ex)
        {
            _error = ex.Message;
        }
        StateHasChanged();
    }

    // Of one span, from the outermost function on, whatever the tree shows: there each stack is told as it was called.
    private async Task<CallNeighbours?> NeighboursAsync(string id, CallTreeQuestion question, CallFocus focus)
    {
        var whole = question with { View = CallTreeView.TopDown, SplitLines = false, CollapseRecursion = false, BaseFrom = "", BaseTo = "" };
        return await Source.Trees.OfAsync(id, whole, _leaving.Token) is { } moment ? CallNeighbours.Of(moment.Tree, focus.Function, focus.Module) : null;
    }

    private static string ViewText(CallTreeView view) => view switch
    {
        CallTreeView.BottomUp => "bottom-up",
        CallTreeView.ByModule => "by module",
        _ => "top-down",
    };

    private static string KindText(AllocationKind? kind) => kind switch { AllocationKind.Heap => "heap", AllocationKind.Virtual => "virtual", _ => "all" };

    private static string WithinText(TemporaryWithin within) => within switch
    {
        TemporaryWithin.Interval => "freed within \u00BC s",
        TemporaryWithin.TenSeconds => "freed within 10 s",
        _ => "freed within 1 s",
    };

    private static string ColourText(bool byGrowth) => byGrowth ? "growth" : "module";

    private static string SpanText(CallTree tree)
    {
        if (tree.IsCompared)
        {
            string Growth(AllocationMetric metric) => tree.Value(0, metric) == 0 ? "as much" : MetricWords.Growth(metric, tree.Value(0, metric));
            return $"{Growth(AllocationMetric.LiveBytes)} live, {Growth(AllocationMetric.AllocatedBytes)} allocated, {Growth(AllocationMetric.FreedBytes)} freed";
        }
        var total = tree.Root.Total;
        return $"{ByteText.Rounded(total.LiveBytes)} live in {ByteText.Count(total.LiveBlocks, "block", "blocks")}; {ByteText.Rounded(total.AllocatedBytes)} allocated {ByteText.Count(total.Allocations, "time", "times")}, {ByteText.Rounded(total.FreedBytes)} freed";
    }

    private Task ChangeAsync(RecordingViewState state) => StateChanged.InvokeAsync(state);

    private Task Ask(CallTreeQuestion question) => ChangeAsync(State.Ask(question));
}
