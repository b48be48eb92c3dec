using System.Globalization;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;
using WebVmMap.Core.Regions;
using WebVmMap.Hub.Components.Views;

namespace WebVmMap.Hub.Components.Compare;

/// <summary>
/// A <see cref="DiffState"/> as the query of a URL. Only what differs from the default is written; what cannot be understood is
/// passed over, so an old or mistyped link still opens.
/// </summary>
public static class DiffStateUrl
{
    private const int MaxText = 2000;

    /// <summary>The query, without question mark; empty for the default state.</summary>
    public static string Format(DiffState state)
    {
        var defaults = DiffState.Default;
        var parts = new List<KeyValuePair<string, string?>>();
        Add(parts, "view", ViewStateUrl.Text(state.View), ViewStateUrl.Text(defaults.View));
        Add(parts, "side", Text(state.Side), Text(defaults.Side));
        Add(parts, "area", state.OnlyChanges ? "change" : "", "");
        Add(parts, "by", MetricNames.Of(state.Metric).Key, MetricNames.Of(defaults.Metric).Key);
        Add(parts, "cat", state.Category?.DisplayName() ?? "", "");
        Add(parts, "q", state.Filter, "");
        Add(parts, "min", state.Threshold.ToString(CultureInfo.InvariantCulture), "0");
        Add(parts, "same", state.ShowSame ? "1" : "", "");
        Add(parts, "sel", state.Selection.ToString(), "");
        Add(parts, "zoom", state.Zoom, "");
        Add(parts, "sort", state.Sort.ToString(), defaults.Sort.ToString());
        return QueryHelpers.AddQueryString("", parts).TrimStart('?');
    }

    /// <summary>The state that a query stands for.</summary>
    /// <param name="query">With or without question mark; keys that are not of the view are passed over.</param>
    public static DiffState Parse(string query)
    {
        var values = QueryHelpers.ParseQuery(query);
        string? Get(string key) => values.TryGetValue(key, out var value) && !StringValues.IsNullOrEmpty(value) && value[0]!.Length <= MaxText ? value[0] : null;
        return DiffState.Default with
        {
            View = Get("view") == ViewStateUrl.Text(PictureView.AddressMap) ? PictureView.AddressMap : PictureView.Treemap,
            Side = Get("side") switch { "before" => DiffSide.Before, "after" => DiffSide.After, _ => DiffSide.Difference },
            OnlyChanges = Get("area") == "change",
            Metric = MetricNames.TryParse(Get("by"), out var metric) ? metric : DiffState.Default.Metric,
            Category = Get("cat") is { } name && RegionCategories.TryParse(name, out var category) ? category : null,
            Filter = Get("q") ?? "",
            Threshold = long.TryParse(Get("min"), NumberStyles.None, CultureInfo.InvariantCulture, out var threshold) ? threshold : 0,
            ShowSame = Get("same") == "1",
            Selection = SelectionTokens.Parse(Get("sel") ?? ""),
            Zoom = Get("zoom") ?? "",
            Sort = DiffSort.TryParse(Get("sort"), out var sort) ? sort : DiffState.Default.Sort,
        };
    }

    /// <summary>The word for a side, in URLs and towards the canvas.</summary>
    public static string Text(DiffSide side) => side switch
    {
        DiffSide.Before => "before",
        DiffSide.After => "after",
        _ => "difference",
    };

    private static void Add(List<KeyValuePair<string, string?>> parts, string key, string value, string usual)
    {
        if (value != usual)
        {
            parts.Add(new(key, value));
        }
    }
}
