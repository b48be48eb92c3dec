using System.Text.Json;
using WebVmMap.Core.Regions;
using WebVmMap.Core.Trends;

namespace WebVmMap.Hub.Api;

/// <summary>How the bytes of something went.</summary>
/// <param name="Category">Its category; <c>Total</c> for the whole process.</param>
/// <param name="Name">What it is within the category, with # for numbers; empty for memory without a name and for a whole category.</param>
/// <param name="Kind"><c>growing</c> (a suspect of a leak), <c>step</c>, <c>fluctuating</c>, <c>shrinking</c> or <c>steady</c>.</param>
/// <param name="BytesPerHour">How fast: the median of the slopes between any two snapshots.</param>
/// <param name="BytesPerHourLow">With 95 % certainty it is at least this.</param>
/// <param name="BytesPerHourHigh">With 95 % certainty it is at most this.</param>
/// <param name="GrewIn">In how many intervals it grew.</param>
/// <param name="FellIn">In how many it fell.</param>
/// <param name="Intervals">How many there are.</param>
/// <param name="First">Bytes in the oldest snapshot.</param>
/// <param name="Last">Bytes in the newest snapshot.</param>
/// <param name="LargestRise">The largest rise within one interval.</param>
/// <param name="Bytes">Bytes in each snapshot.</param>
/// <param name="RegionCount">How many regions of the newest snapshot have grown since the oldest, or were not there.</param>
/// <param name="Regions">Those of them that grew most.</param>
internal sealed record TrendSeriesDto(
    string Category, string Name, string Kind, double BytesPerHour, double BytesPerHourLow, double BytesPerHourHigh, int GrewIn, int FellIn, int Intervals,
    long First, long Last, long LargestRise, IReadOnlyList<long> Bytes, int RegionCount, IEnumerable<TrendRegionDto> Regions)
{
    public static TrendSeriesDto Of(TrendSeries series) => new(
        series.Category == RegionCategory.Unspecified ? "Total" : series.Category.DisplayName(),
        series.Name,
        JsonNamingPolicy.CamelCase.ConvertName(series.Kind.ToString()),
        series.Slope.PerHour, series.Slope.Low, series.Slope.High,
        series.GrewIn, series.FellIn, series.Intervals, series.First, series.Last, series.LargestRise, series.Bytes, series.RegionCount,
        series.Regions.Select(region => new TrendRegionDto($"0x{region.Address:x}", region.Details, region.First, region.Last)));
}
