using System.Text.Json;
using WebVmMap.Core.Trends;
using WebVmMap.Hub.Store;

namespace WebVmMap.Hub.Api;

/// <summary>How the memory of a process went through its snapshots.</summary>
/// <param name="Host">Id of the host.</param>
/// <param name="Process">The process.</param>
/// <param name="Metric">The figure that was followed.</param>
/// <param name="Snapshots">The snapshots that were looked at, the oldest first.</param>
/// <param name="Available">How many there are; when more than were looked at, those were spread evenly over them.</param>
/// <param name="NamesTogether">How many names were too many to be followed one by one.</param>
/// <param name="Total">All regions in use.</param>
/// <param name="Categories">By category.</param>
/// <param name="Suspects">What changed: what grows on and on first, then what grew once, then the rest.</param>
internal sealed record TrendDto(
    string Host, SnapshotProcessDto Process, string Metric, IEnumerable<TrendSnapshotDto> Snapshots, int Available, int NamesTogether,
    TrendSeriesDto Total, IEnumerable<TrendSeriesDto> Categories, IEnumerable<TrendSeriesDto> Suspects)
{
    public static TrendDto Of(StoredTrend stored, Trend trend) => new(
        stored.Snapshots[^1].HostId,
        SnapshotProcessDto.Of(stored.Snapshots[^1].Process),
        JsonNamingPolicy.CamelCase.ConvertName(trend.Metric.ToString()),
        stored.Snapshots.Select(snapshot => new TrendSnapshotDto(snapshot.Id, snapshot.TakenAt.UtcDateTime, snapshot.Label)),
        stored.Available,
        trend.NamesTogether,
        TrendSeriesDto.Of(trend.Total),
        trend.Categories.Select(TrendSeriesDto.Of),
        trend.Suspects.Select(TrendSeriesDto.Of));
}
