using System.Collections.Immutable;
using System.Globalization;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using MudBlazor;
using WebVmMap.Core.Recordings;
using WebVmMap.Hub.Components.Interop;
using WebVmMap.Hub.Components.Refresh;
using WebVmMap.Hub.Hosts;
using WebVmMap.Hub.Recordings;
using WebVmMap.Hub.Store;

namespace WebVmMap.Hub.Components.Recordings;

/// <summary>Source text around a line. It is read when the place is another one or somebody tries again, never by itself: each reading is in the audit.</summary>
public sealed partial class SourcePanel
{
    private const int MaximumChoices = 6;

    private readonly Leaving _leaving = new();
    private ElementReference _scroll;
    private (string, SourcePlace, string, string)? _askedFor;
    private Task<ImmutableArray<(int Line, AllocationFigures Figures)>>? _figures;
    private ImmutableArray<(int Line, AllocationFigures Figures)> _lines = [];
    private SourceLines? _read;
    private string _problem = "";
    private int _line;
    private bool _showLine;

    [Inject]
    private IRecordings Recordings { get; set; } = null!;

    [Inject]
    private CallTrees Trees { get; set; } = null!;

    [Inject]
    private PageInterop Page { get; set; } = null!;

    [Inject]
    private ISnackbar Snackbar { get; set; } = null!;

    [CascadingParameter]
    private Task<AuthenticationState>? Authentication { get; set; }

    /// <summary>Id of the recording.</summary>
    [Parameter, EditorRequired]
    public required string RecordingId { get; set; }

    /// <summary>Where its files are.</summary>
    [Parameter]
    public string HostName { get; set; } = "";

    /// <summary>What to show.</summary>
    [Parameter, EditorRequired]
    public required SourcePlace Place { get; set; }

    /// <summary>The tree of which a call is selected.</summary>
    [Parameter, EditorRequired]
    public required CallTreeQuestion Question { get; set; }

    /// <summary>The selected call and what leads to it, from the root's child on; empty for none.</summary>
    [Parameter]
    public IReadOnlyList<CodePlace> Path { get; set; } = [];

    /// <summary>The figure of lines.</summary>
    [Parameter]
    public AllocationMetric Metric { get; set; }

    /// <summary>Nobody wants to see it any more.</summary>
    [Parameter]
    public EventCallback OnClose { get; set; }

    /// <summary>Id of the element.</summary>
    [Parameter]
    public string ElementId { get; set; } = "calls";

    private string Call => _lines.Length > 0 && Path.Count > 0 ? Path[^1].Function : "";

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _leaving.DisposeAsync();

    /// <inheritdoc/>
    protected override Task OnParametersSetAsync()
    {
        var asked = (RecordingId, Place, Question.Format(), string.Join('\n', Path.Select(place => $"{place.Function} {place.File}")));
        if (asked == _askedFor)
        {
            return Task.CompletedTask;
        }
        (_askedFor, _figures, _lines, _read, _problem, _line) = (asked, null, [], null, "", Place.Line);
        return ReadAsync();
    }

    /// <inheritdoc/>
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (_showLine && _read is not null)
        {
            _showLine = false;
            await Page.CentreAsync(_scroll, "tr.wanted");
        }
    }

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);

    private string Figure(int line)
    {
        foreach (var (number, figures) in _lines)
        {
            if (number == line)
            {
                return MetricWords.Cell(Metric, figures[Metric]);
            }
        }
        return "";
    }

    private Task GoAsync(int line)
    {
        _line = line;
        return ReadAsync();
    }

    private async Task ReadAsync()
    {
        var (asked, wanted) = (_askedFor, _line);
        try
        {
            // Once for all lines of the place, and not on the circuit, which answers clicks.
            _figures = _figures is null or { IsCompleted: true, IsCompletedSuccessfully: false } ? Task.Run(LinesAsync) : _figures;
            var lines = await _figures;
            var line = wanted > 0 ? wanted : lines.FirstOrDefault(known => known.Line > 0).Line;
            if (line == 0)
            {
                throw new ArgumentException($"Which line of {Place.File} is meant is not known: the debug information names none.");
            }
            var who = Authentication is null ? "" : (await Authentication).User.Identity?.Name ?? "";
            var read = await Recordings.ReadSourceAsync(RecordingId, Place.File, line, who, _leaving.Token);
            if ((asked, wanted) == (_askedFor, _line))
            {
                (_lines, _line, _read, _problem, _showLine) = (lines, line, read, read is null ? "The recording is gone." : "", true);
            }
        }
        catch (OperationCanceledException) when (_leaving.Begun)
        {
            return;
        }
        catch (Exception ex) when (ex is AgentRequestException or StoreException or ArgumentException)
        {
            if ((asked, wanted) == (_askedFor, _line))
            {
                (_read, _problem) = (null, ex.Message);
            }
        }
        StateHasChanged();
    }

    private async Task<ImmutableArray<(int Line, AllocationFigures Figures)>> LinesAsync()
    {
        if (Path.Count == 0 || Path[^1].File != Place.File)
        {
            return [];
        }
        var apart = Question with { SplitLines = true, BaseFrom = "", BaseTo = "" };
        return await Trees.OfAsync(RecordingId, apart, _leaving.Token) is { } moment ? CallLines.Of(moment.Tree, Path, Metric) : [];
    }

    private async Task CopyAsync()
    {
        var copied = _read is { } read && await Page.CopyAsync($"{Place.File}:{Number(_line)}\n{string.Join('\n', read.Lines)}\n");
        Snackbar.Add(copied ? "These lines are on the clipboard." : "The browser does not let this page write to the clipboard.", copied ? Severity.Success : Severity.Info);
    }
}
