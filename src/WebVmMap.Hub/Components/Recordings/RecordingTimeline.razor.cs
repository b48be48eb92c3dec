using System.Text.Json;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;
using WebVmMap.Core.Recordings;
using WebVmMap.Hub.Components.Interop;
using WebVmMap.Hub.Components.Layout;
using WebVmMap.Hub.Components.Text;
using WebVmMap.Hub.Recordings;

namespace WebVmMap.Hub.Components.Recordings;

/// <summary>
/// What is live over the time of a recording, of heap and of virtual memory, and what is allocated and freed of the memory that is looked
/// at, drawn by ApexCharts in <c>/js/recording-chart.js</c>; and the span that is looked at: brushed, or written as marks or times.
/// </summary>
public sealed partial class RecordingTimeline : IAsyncDisposable
{
    private ElementReference _root;
    private ModuleView? _chart;
    private DotNetObjectReference<ChartEvents>? _events;
    private RecordingSeries? _sent;
    private string _sentState = "";
    private CallTreeQuestion? _shown;
    private string _from = "";
    private string _to = "";
    private string _problem = "";
    private bool _failed;

    [Inject]
    private IJSRuntime Js { get; set; } = null!;

    [Inject]
    private ILogger<RecordingTimeline> Logger { get; set; } = null!;

    [CascadingParameter]
    private Shell? Shell { get; set; }

    /// <summary>When the recording began.</summary>
    [Parameter, EditorRequired]
    public required DateTimeOffset StartedAt { get; set; }

    /// <summary>Its timeline.</summary>
    [Parameter, EditorRequired]
    public required RecordingSeries Series { get; set; }

    /// <summary>Its marks.</summary>
    [Parameter]
    public IReadOnlyList<RecordingMark> Marks { get; set; } = [];

    /// <summary>Whether it is over.</summary>
    [Parameter]
    public bool Ended { get; set; }

    /// <summary>What is looked at.</summary>
    [Parameter, EditorRequired]
    public required CallTreeQuestion Question { get; set; }

    /// <summary>The user wants to look at something else.</summary>
    [Parameter]
    public EventCallback<CallTreeQuestion> QuestionChanged { get; set; }

    /// <summary>What stands at the end of the line below the chart.</summary>
    [Parameter]
    public RenderFragment? ChildContent { get; set; }

    private string Description => Series.Times.Length == 0
        ? "Timeline: waiting for the first interval"
        : $"Timeline from {TimeText.Clock(StartedAt)} to {TimeText.Clock(DateTimeOffset.FromUnixTimeMilliseconds(Series.Times[^1]))}: {ByteText.Rounded(Series.Live[^1])} heap and {ByteText.Rounded(Series.LiveVirtual[^1])} virtual live at the end, {ByteText.Count(Marks.Count, "mark", "marks")}";

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (Shell is not null)
        {
            Shell.Changed -= ThemeChanged;
        }
        if (_chart is not null)
        {
            await _chart.DisposeAsync();
        }
        _events?.Dispose();
    }

    /// <inheritdoc/>
    protected override void OnInitialized()
    {
        if (Shell is not null)
        {
            Shell.Changed += ThemeChanged;
        }
    }

    /// <inheritdoc/>
    protected override async Task OnParametersSetAsync()
    {
        if (_shown != Question)
        {
            _shown = Question;
            (_from, _to, _problem) = (SpanEnd.Show(Question.From), SpanEnd.Show(Question.To), "");
        }
        await SendAsync();
    }

    /// <inheritdoc/>
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (!firstRender)
        {
            return;
        }
        _events = DotNetObjectReference.Create(new ChartEvents((from, to) =>
            InvokeAsync(() => AskAsync(from is { } start ? SpanEnd.Of(start) : "", to is { } end ? SpanEnd.Of(end) : ""))));
        _chart = new ModuleView(Js, "./js/recording-chart.js");
        try
        {
            if (await _chart.OpenAsync(module => module.InvokeAsync<IJSObjectReference>("create", _root, _events, DescribeState())))
            {
                await SendAsync();
            }
        }
        catch (JSException ex)
        {
            Logger.LogError(ex, "The recording's chart did not start.");
            _failed = true;
            StateHasChanged();
        }
    }

    private object DescribeState() => new
    {
        theme = Shell?.IsDark == true ? "dark" : "light",
        marks = Marks.Select(mark => new { time = mark.At.ToUnixTimeMilliseconds(), label = mark.Label }),
        from = Place(Question.From),
        to = Place(Question.To),
    };

    // A mark's time; when several have one label, the last.
    private long? Place(string end) => end.Length == 0 ? null
        : SpanEnd.TryTime(end, out var time) ? time.ToUnixTimeMilliseconds()
        : Marks.Where(mark => mark.Label == end).Select(mark => (long?)mark.At.ToUnixTimeMilliseconds()).LastOrDefault();

    private void ThemeChanged() => _ = InvokeAsync(SendAsync);

    private async Task SendAsync()
    {
        if (_chart is not { IsOpen: true })
        {
            return;
        }
        if (!ReferenceEquals(_sent, Series))
        {
            _sent = Series;
            await _chart.CallAsync("set", new
            {
                times = Series.Times,
                live = Series.Live,
                liveVirtual = Series.LiveVirtual,
                allocated = Series.Allocated,
                freed = Series.Freed,
                rates = Series.Rates switch { AllocationKind.Heap => "heap", AllocationKind.Virtual => "virtual", _ => "all" },
            });
        }
        // The page renders with every moment; the browser hears of what is another.
        var state = JsonSerializer.Serialize(DescribeState());
        if (state != _sentState)
        {
            _sentState = state;
            await _chart.CallAsync("update", DescribeState());
        }
    }

    private Task ApplyAsync()
    {
        var labels = Marks.Select(mark => mark.Label).ToList();
        // What the page has written itself is rounded: unless it was changed, it stays what it was.
        var from = _from == SpanEnd.Show(Question.From) ? Question.From : SpanEnd.Read(_from, labels, StartedAt);
        var to = _to == SpanEnd.Show(Question.To) ? Question.To : SpanEnd.Read(_to, labels, StartedAt);
        if (from is null || to is null)
        {
            _problem = $"\"{(from is null ? _from : _to)}\" is neither a mark of this recording nor a time such as 17:38:04.";
            return Task.CompletedTask;
        }
        return AskAsync(from, to);
    }

    // What is kept as before is compared with what is chosen next, and with all of it until then.
    private Task CompareAsync(string from, string to)
    {
        var isBegun = from.Length + to.Length > 0;
        return QuestionChanged.InvokeAsync(Question with { BaseFrom = from, BaseTo = to, From = isBegun ? "" : Question.From, To = isBegun ? "" : Question.To });
    }

    private Task SwapAsync() => QuestionChanged.InvokeAsync(Question.From.Length + Question.To.Length == 0
        ? Question with { From = Question.BaseFrom, To = Question.BaseTo, BaseFrom = "", BaseTo = "" }
        : Question with { From = Question.BaseFrom, To = Question.BaseTo, BaseFrom = Question.From, BaseTo = Question.To });

    private Task AskAsync(string from, string to)
    {
        _problem = "";
        return QuestionChanged.InvokeAsync(Question with { From = from, To = to });
    }
}
