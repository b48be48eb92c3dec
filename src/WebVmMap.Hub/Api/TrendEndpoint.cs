using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using WebVmMap.Core.Regions;
using WebVmMap.Hub.Store;

namespace WebVmMap.Hub.Api;

/// <summary>What grew on and on through many snapshots.</summary>
internal static class TrendEndpoint
{
    private const int MaximumIds = 500;

    public static void MapTrend(this IEndpointRouteBuilder api) =>
        api.MapGet("/snapshots/trend", GetAsync).WithTags("Snapshots")
            .WithSummary("What grew on and on, and what grew once, through snapshots of one process: ids (separated by commas), or host and pid")
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status422UnprocessableEntity);

    private static async Task<Results<Ok<TrendDto>, ProblemHttpResult>> GetAsync(
        ISnapshotTrends trends, string? ids, string? host, int? pid, string? startTime, string? metric, CancellationToken cancellation)
    {
        if (NamedParameter.Read<RegionMetric>(metric, "metric", out var figure) is { } wrong)
        {
            return Problem.BadRequest(wrong);
        }
        DateTimeOffset? started = null;
        if (!string.IsNullOrEmpty(startTime))
        {
            if (!DateTimeOffset.TryParse(startTime, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var parsed))
            {
                return Problem.BadRequest("startTime is a time in ISO 8601, as the list of processes tells it.");
            }
            started = parsed;
        }
        var listed = (ids ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (listed.Length > MaximumIds)
        {
            return Problem.BadRequest($"ids are at most {MaximumIds}; with host and pid all snapshots of a process are looked at.");
        }
        var found = (listed.Length, host, pid) switch
        {
            ( > 0, null, null) => await trends.OfAsync(listed, figure ?? RegionMetric.Private, null, cancellation).ConfigureAwait(false),
            (0, { Length: > 0 }, { } process) =>
                await trends.OfProcessAsync(host, process, started, figure ?? RegionMetric.Private, null, cancellation).ConfigureAwait(false),
            _ => null,
        };
        return found switch
        {
            null => Problem.BadRequest("Give either ids, separated by commas, or host and pid (and startTime)."),
            { Missing: { } id } => Problem.NotFound($"There is no snapshot {id}."),
            { Trend: { } trend } => TypedResults.Ok(TrendDto.Of(found, trend)),
            _ => Problem.Of(StatusCodes.Status422UnprocessableEntity, "No trend", found.Refusal),
        };
    }
}
