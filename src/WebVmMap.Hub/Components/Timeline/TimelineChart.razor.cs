using System.Collections.Immutable;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;
using WebVmMap.Core.Regions;
using WebVmMap.Hub.Components.Interop;
using WebVmMap.Hub.Components.Layout;
using WebVmMap.Hub.Components.Theme;
using WebVmMap.Hub.Live;

namespace WebVmMap.Hub.Components.Timeline;

/// <summary>The categories over time as stacked areas, drawn by ApexCharts in <c>/js/timeline-chart.js</c>.</summary>
public sealed partial class TimelineChart : IAsyncDisposable
{
    // Beyond this an update takes the browser longer than the shortest interval leaves it.
    private const int MaxMoments = 300;

    private ElementReference _root;
    private ModuleView? _chart;
    private ImmutableArray<TimelinePoint> _sent;
    private RegionMetric _sentMetric;
    private bool _failed;

    [Inject]
    private IJSRuntime Js { get; set; } = null!;

    [Inject]
    private ILogger<TimelineChart> Logger { get; set; } = null!;

    [CascadingParameter]
    private Shell? Shell { get; set; }

    /// <summary>The moments, oldest first.</summary>
    [Parameter, EditorRequired]
    public ImmutableArray<TimelinePoint> Points { get; set; }

    /// <summary>Committed, Private or Total WS.</summary>
    [Parameter]
    public RegionMetric Metric { get; set; } = RegionMetric.TotalWs;

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
    protected override bool ShouldRender() => _failed;

    /// <inheritdoc/>
    protected override Task OnParametersSetAsync() => SendAsync();

    /// <inheritdoc/>
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (!firstRender)
        {
            return;
        }
        _chart = new ModuleView(Js, "./js/timeline-chart.js");
        try
        {
            var series = TimelineSeries.Categories.Zip(Colours(), (category, colour) => new { name = category.DisplayName(), colour });
            if (await _chart.OpenAsync(module => module.InvokeAsync<IJSObjectReference>("create", _root, new { theme = ThemeName(), series, stacked = true })))
            {
                await SendAsync();
            }
        }
        catch (JSException ex)
        {
            Logger.LogError(ex, "The timeline chart did not start.");
            _failed = true;
            StateHasChanged();
        }
    }

    private string ThemeName() => Shell?.IsDark == true ? "dark" : "light";

    private IEnumerable<string> Colours() =>
        TimelineSeries.Categories.Select(c => Shell?.IsDark == true ? CategoryColours.Of(c).Dark : CategoryColours.Of(c).Light);

    private void ThemeChanged() => _ = InvokeAsync(() => _chart?.CallAsync("setTheme", ThemeName(), Colours()) ?? Task.CompletedTask);

    private async Task SendAsync()
    {
        if (_chart is not { IsOpen: true } || (_sent == Points && _sentMetric == Metric))
        {
            return;
        }
        (_sent, _sentMetric) = (Points, Metric);
        var series = TimelineSeries.Build(Points, Metric, MaxMoments);
        await _chart.CallAsync("set", series.Times.Select(t => t.ToUnixTimeMilliseconds()), series.Columns);
    }
}
