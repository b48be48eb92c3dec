using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Components;
using WebVmMap.Core.Regions;
using WebVmMap.Hub.Components.Text;
using WebVmMap.Hub.Components.Views;
using WebVmMap.Hub.Live;

namespace WebVmMap.Hub.Components.Timeline;

/// <summary>The last moments at a glance: categories stacked, and the system's own counter as a line.</summary>
public sealed partial class TimelineStrip
{
    private const int MaxMoments = 90;
    private const int Width = 400;
    private const int Height = 80;

    private readonly List<(RegionCategory Category, string Path)> _areas = [];
    private ImmutableArray<TimelinePoint> _drawn;
    private RegionMetric _drawnMetric;
    private TimelineSeries? _series;
    private string _line = "";
    private string _title = "";
    private string _span = "";
    private string _description = "";

    /// <summary>The moments, oldest first.</summary>
    [Parameter, EditorRequired]
    public ImmutableArray<TimelinePoint> Points { get; set; }

    /// <summary>Committed, Private or Total WS.</summary>
    [Parameter]
    public RegionMetric Metric { get; set; } = RegionMetric.TotalWs;

    /// <inheritdoc/>
    protected override void OnParametersSet()
    {
        if (_series is not null && _drawn == Points && _drawnMetric == Metric)
        {
            return;
        }
        (_drawn, _drawnMetric) = (Points, Metric);
        _series = TimelineSeries.Build(Points, Metric, MaxMoments);
        _areas.Clear();
        _line = "";
        _title = Metric == RegionMetric.TotalWs ? "Working set" : MetricNames.Of(Metric).Title;
        if (_series.Times.Count < 2)
        {
            _span = "";
            _description = $"{_title} over time: waiting for the second sample";
            return;
        }
        Draw(_series);
        _span = TimeText.Duration(Math.Round((_series.Times[^1] - _series.Times[0]).TotalSeconds) * 1000);
        var (first, last) = (_series.Columns.Sum(c => c[0]), _series.Columns.Sum(c => c[^1]));
        _description = $"{_title} over the last {_span}: from {ByteText.Rounded(first)} to {ByteText.Rounded(last)}, at most {ByteText.Rounded(_series.Peak)}";
    }

    private void Draw(TimelineSeries series)
    {
        var start = series.Times[0];
        var length = Math.Max(1, (series.Times[^1] - start).TotalMilliseconds);
        var scale = Height / Math.Max(1.0, series.Peak * 1.05);
        double X(int i) => (series.Times[i] - start).TotalMilliseconds / length * Width;
        var below = new long[series.Times.Count];
        for (var column = 0; column < series.Columns.Count; column++)
        {
            var values = series.Columns[column];
            if (values.All(v => v == 0))
            {
                continue;
            }
            var path = new StringBuilder();
            for (var i = 0; i < values.Length; i++)
            {
                Point(path, i == 0 ? 'M' : 'L', X(i), Height - (below[i] + values[i]) * scale);
            }
            for (var i = values.Length - 1; i >= 0; i--)
            {
                Point(path, 'L', X(i), Height - below[i] * scale);
                below[i] += values[i];
            }
            _areas.Add((TimelineSeries.Categories[column], path.Append('Z').ToString()));
        }
        var line = new StringBuilder();
        for (var i = 0; i < series.Times.Count; i++)
        {
            if (series.Counter[i] is { } value)
            {
                Point(line, line.Length == 0 ? 'M' : 'L', X(i), Height - value * scale);
            }
        }
        _line = line.ToString();
    }

    private static void Point(StringBuilder path, char command, double x, double y) =>
        path.Append(command).Append(x.ToString("0.#", CultureInfo.InvariantCulture)).Append(' ').Append(y.ToString("0.#", CultureInfo.InvariantCulture));
}
