using System.Globalization;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;
using WebVmMap.Core.Regions;
using WebVmMap.Hub.Components.Details;

namespace WebVmMap.Hub.Components.Views;

/// <summary>
/// A view state as the query of a URL. Only what differs from the default is written, so a plain link stays plain; what
/// cannot be understood is passed over, so an old or mistyped link still opens.
/// </summary>
public static class ViewStateUrl
{
    private const int MaxText = 2000;

    /// <summary>The query, without question mark; empty for the default state.</summary>
    public static string Format(ViewState state, ViewState defaults)
    {
        var parts = new List<KeyValuePair<string, string?>>();
        Add(parts, "view", Text(state.View), Text(defaults.View));
        Add(parts, "area", MetricNames.Of(state.Area).Key, MetricNames.Of(defaults.Area).Key);
        Add(parts, "colour", Text(state.Colour), Text(defaults.Colour));
        Add(parts, "cat", state.Category?.DisplayName() ?? "", "");
        Add(parts, "q", state.Filter, "");
        Add(parts, "sel", state.Selection.ToString(), "");
        Add(parts, "zoom", state.Zoom, "");
        Add(parts, "sort", state.Sort.ToString(), defaults.Sort.ToString());
        Add(parts, "free", state.ShowFree ? "1" : "", "");
        Add(parts, "every", state.IntervalMs.ToString(CultureInfo.InvariantCulture), defaults.IntervalMs.ToString(CultureInfo.InvariantCulture));
        Add(parts, "time", MetricNames.Of(state.Timeline).Key, MetricNames.Of(defaults.Timeline).Key);
        return QueryHelpers.AddQueryString("", parts).TrimStart('?');
    }

    /// <summary>The state that a query stands for.</summary>
    /// <param name="query">With or without question mark; keys that are not of the view are passed over.</param>
    /// <param name="defaults">What holds where the query says nothing.</param>
    public static ViewState Parse(string query, ViewState defaults)
    {
        var values = QueryHelpers.ParseQuery(query);
        string? Get(string key) => values.TryGetValue(key, out var value) && !StringValues.IsNullOrEmpty(value) && value[0]!.Length <= MaxText ? value[0] : null;
        var state = defaults with
        {
            Filter = Get("q") ?? "",
            Selection = SelectionTokens.Parse(Get("sel") ?? ""),
            Zoom = Get("zoom") ?? "",
            ShowFree = Get("free") == "1",
            Category = Get("cat") is { } name && RegionCategories.TryParse(name, out var category) ? category : null,
        };
        state = Get("view") switch
        {
            "treemap" => state with { View = PictureView.Treemap },
            "map" => state with { View = PictureView.AddressMap },
            "timeline" => state with { View = PictureView.Timeline },
            _ => state,
        };
        state = Get("colour") switch
        {
            "category" => state with { Colour = RegionColouring.Category },
            "protection" => state with { Colour = RegionColouring.Protection },
            "residency" => state with { Colour = RegionColouring.Residency },
            _ => state,
        };
        if (MetricNames.TryParse(Get("area"), out var area))
        {
            state = state with { Area = area };
        }
        if (MetricNames.TryParse(Get("time"), out var timeline) && timeline is RegionMetric.Committed or RegionMetric.Private or RegionMetric.TotalWs)
        {
            state = state with { Timeline = timeline };
        }
        if (DetailsSort.TryParse(Get("sort"), out var sort))
        {
            state = state with { Sort = sort };
        }
        if (int.TryParse(Get("every"), NumberStyles.None, CultureInfo.InvariantCulture, out var interval) && ViewState.Intervals.Contains(interval))
        {
            state = state with { IntervalMs = interval };
        }
        return state;
    }

    /// <summary>The word for a picture, in URLs and towards the canvas.</summary>
    public static string Text(PictureView view) => view switch
    {
        PictureView.AddressMap => "map",
        PictureView.Timeline => "timeline",
        _ => "treemap",
    };

    /// <summary>The word for a colouring, in URLs and towards the canvas.</summary>
    public static string Text(RegionColouring colour) => colour switch
    {
        RegionColouring.Protection => "protection",
        RegionColouring.Residency => "residency",
        _ => "category",
    };

    private static void Add(List<KeyValuePair<string, string?>> parts, string key, string value, string usual)
    {
        if (value != usual)
        {
            parts.Add(new(key, value));
        }
    }
}
