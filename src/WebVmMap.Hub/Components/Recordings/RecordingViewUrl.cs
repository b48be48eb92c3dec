using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;
using WebVmMap.Core.Recordings;
using WebVmMap.Hub.Recordings;

namespace WebVmMap.Hub.Components.Recordings;

/// <summary>
/// A <see cref="RecordingViewState"/> as the query of a URL. Only what differs from the default is written; what cannot be understood is
/// passed over, so an old or mistyped link still opens.
/// </summary>
public static class RecordingViewUrl
{
    private const int MaxText = 2000;

    /// <summary>The query, without question mark; empty for the default state.</summary>
    public static string Format(RecordingViewState state)
    {
        var parts = new List<KeyValuePair<string, string?>>();
        Add(parts, "by", state.Metric == RecordingViewState.Default.Metric ? "" : MetricWords.Key(state.Metric));
        Add(parts, "colour", state.ByGrowth ? "growth" : "");
        Add(parts, "q", state.Filter);
        Add(parts, "sel", state.Selection);
        Add(parts, "zoom", state.Zoom);
        Add(parts, "callers", state.Focus?.Function ?? "");
        Add(parts, "module", state.Focus?.Module ?? "");
        Add(parts, "panel", state.BySize ? "sizes" : "");
        Add(parts, "source", state.Source?.ToString() ?? "");
        Add(parts, "blocks", state.Blocks switch { BlockOrder.Biggest => "biggest", BlockOrder.Newest => "newest", BlockOrder.Oldest => "oldest", _ => "" });
        Add(parts, "sort", state.Sort?.ToString() ?? "");
        return string.Join('&', new[] { state.Question.Format(), QueryHelpers.AddQueryString("", parts).TrimStart('?') }.Where(part => part.Length > 0));
    }

    /// <summary>The state that a query stands for.</summary>
    /// <param name="query">With or without question mark; keys that are not of the view are passed over.</param>
    public static RecordingViewState Parse(string query)
    {
        var values = QueryHelpers.ParseQuery(query);
        string Get(string key) => values.TryGetValue(key, out var value) && !StringValues.IsNullOrEmpty(value) && value[0]!.Length <= MaxText ? value[0]! : "";
        return RecordingViewState.Default with
        {
            Question = CallTreeQuestion.Parse(query),
            Metric = MetricWords.TryParse(Get("by"), out var metric) ? metric : RecordingViewState.Default.Metric,
            ByGrowth = Get("colour") == "growth",
            Filter = Get("q"),
            Selection = Get("sel"),
            Zoom = Get("zoom"),
            Focus = Get("callers") is { Length: > 0 } function ? new CallFocus(function, Get("module")) : null,
            BySize = Get("panel") == "sizes",
            Source = SourcePlace.Parse(Get("source")),
            Blocks = Get("blocks") switch { "biggest" => BlockOrder.Biggest, "newest" => BlockOrder.Newest, "oldest" => BlockOrder.Oldest, _ => null },
            Sort = CallSort.Parse(Get("sort")),
        };
    }

    private static void Add(List<KeyValuePair<string, string?>> parts, string key, string value)
    {
        if (value.Length > 0)
        {
            parts.Add(new(key, value));
        }
    }
}
