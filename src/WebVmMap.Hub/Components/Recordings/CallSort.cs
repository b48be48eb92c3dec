using WebVmMap.Core.Recordings;

namespace WebVmMap.Hub.Components.Recordings;

/// <summary>How calls of one caller are ordered.</summary>
/// <param name="Metric">By which figure; null by name.</param>
/// <param name="Descending">Greatest first.</param>
public readonly record struct CallSort(AllocationMetric? Metric, bool Descending)
{
    /// <summary>The column of names.</summary>
    public const string Function = "function";

    /// <summary>The order after a click on a column's head.</summary>
    public CallSort Click(string column)
    {
        AllocationMetric? metric = MetricWords.TryParse(column, out var known) ? known : null;
        return metric == Metric ? this with { Descending = !Descending } : new(metric, metric is not null);
    }

    /// <summary>Id of the column it is by.</summary>
    public string Column => Metric is { } metric ? MetricWords.Key(metric) : Function;

    /// <summary>Reads what <see cref="ToString"/> writes.</summary>
    public static CallSort? Parse(string? text)
    {
        var descending = text is ['-', ..];
        var column = descending ? text![1..] : text;
        return column == Function ? new(null, descending) : MetricWords.TryParse(column, out var metric) ? new(metric, descending) : null;
    }

    /// <summary>The column's id, after a minus when descending.</summary>
    public override string ToString() => (Descending ? "-" : "") + Column;
}
