using System.Globalization;
using WebVmMap.Core.Regions;
using WebVmMap.Core.Trends;
using WebVmMap.Hub.Components.Text;

namespace WebVmMap.Hub.Components.Compare;

/// <summary>Trends in words.</summary>
public static class TrendText
{
    /// <summary>The heading over series that went in a way.</summary>
    public static string Heading(TrendKind kind) => kind switch
    {
        TrendKind.Growing => "Grows on and on",
        TrendKind.Step => "Grew once, and stayed",
        TrendKind.Shrinking => "Shrank",
        TrendKind.Fluctuating => "Goes up and down",
        _ => "Never changed",
    };

    /// <summary>What that way means.</summary>
    public static string Meaning(TrendKind kind) => kind switch
    {
        TrendKind.Growing => "Upwards with 95 % certainty, in three intervals or more, and no single one accounts for it: as a leak does.",
        TrendKind.Step => "One interval accounts for most of it: a library that was loaded, a cache that was filled. Not a leak by itself.",
        TrendKind.Shrinking => "Smaller at the end than at the beginning.",
        TrendKind.Fluctuating => "No direction that could be told from noise: a garbage-collected heap, a pool.",
        _ => "",
    };

    /// <summary>What a series is called.</summary>
    public static string Name(TrendSeries series) => series.Name.Length > 0 ? series.Name : series.Category == RegionCategory.Unspecified ? "All regions" : "(no name)";

    /// <summary><c>+12.3 MiB/h</c>.</summary>
    public static string Slope(TrendSeries series) => $"{ChangeText.Rounded(Whole(series.Slope.PerHour))}/h";

    /// <summary>Between which bounds the slope lies.</summary>
    public static string Bounds(TrendSeries series) =>
        $"between {ChangeText.Rounded(Whole(series.Slope.Low))}/h and {ChangeText.Rounded(Whole(series.Slope.High))}/h with 95 % certainty";

    /// <summary><c>11 of 12</c>.</summary>
    public static string Grew(TrendSeries series) => string.Create(CultureInfo.InvariantCulture, $"{series.GrewIn} of {series.Intervals}");

    /// <summary>The whole trend in a sentence.</summary>
    public static string Statement(Trend trend)
    {
        var growing = trend.Suspects.Where(s => s.Kind == TrendKind.Growing).ToList();
        var steps = trend.Suspects.Where(s => s.Kind == TrendKind.Step).ToList();
        var first = growing.Count == 0
            ? "Nothing grows on and on."
            : $"{ByteText.Count(growing.Count, "thing grows", "things grow")} on and on, above all {Name(growing[0])} ({growing[0].Category.DisplayName()}): {Slope(growing[0])}, {Bounds(growing[0])}.";
        var second = steps.Count == 0
            ? "Nothing grew once."
            : $"{ByteText.Count(steps.Count, "thing", "things")} grew once, {ByteText.Rounded(steps.Sum(s => s.Last - s.First))} in all: a load is not a leak.";
        return $"{first} {second} All regions: {ByteText.Rounded(trend.Total.First)} → {ByteText.Rounded(trend.Total.Last)} ({ChangeText.Rounded(trend.Total.Last - trend.Total.First)}).";
    }

    private static long Whole(double bytes) => (long)Math.Clamp(Math.Round(bytes), long.MinValue / 2, long.MaxValue / 2);
}
