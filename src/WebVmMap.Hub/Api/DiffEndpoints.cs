using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Options;
using WebVmMap.Core.Export;
using WebVmMap.Hub.Store;

namespace WebVmMap.Hub.Api;

/// <summary>What changed between kept snapshots.</summary>
internal static class DiffEndpoints
{
    private const int MaximumTake = 10_000;
    private const int DefaultTake = 1_000;

    public static void MapDiffs(this IEndpointRouteBuilder api)
    {
        var diffs = api.MapGroup("/snapshots/{a}/diff/{b}").WithTags("Snapshots");
        diffs.MapGet("", GetAsync)
            .WithSummary("What changed from snapshot a to snapshot b: the summary by category, and changed regions by growth; the Link header leads to the next page")
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status422UnprocessableEntity);
        diffs.MapGet("/export", ExportAsync).WithSummary("All changes as a file: csv or json")
            .Produces(StatusCodes.Status200OK, contentType: "text/csv")
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status422UnprocessableEntity);
    }

    private static async Task<Results<Ok<DiffDto>, ProblemHttpResult>> GetAsync(
        HttpContext context, ISnapshotDiffs diffs, string a, string b, [AsParameters] DiffParameters asked,
        int skip = 0, int take = DefaultTake, CancellationToken cancellation = default)
    {
        if (skip < 0 || take is < 0 or > MaximumTake)
        {
            return Problem.BadRequest($"skip is 0 or more, and take from 0 to {MaximumTake}.");
        }
        if (asked.ToQuery(out var query) is { } wrong)
        {
            return Problem.BadRequest(wrong);
        }
        var found = await diffs.CompareAsync(a, b, cancellation).ConfigureAwait(false);
        if (found is not { Before: { } before, After: { } after, Diff: { } diff })
        {
            return Missing(found, a);
        }
        var rows = query.Regions(diff);
        if (take > 0 && rows.Length - take > skip)
        {
            var next = QueryHelpers.AddQueryString(
                $"/api/v1/snapshots/{a}/diff/{b}",
                context.Request.Query.Where(pair => pair.Key is not ("skip" or "take"))
                    .Append(new("skip", (skip + take).ToString(CultureInfo.InvariantCulture)))
                    .Append(new("take", take.ToString(CultureInfo.InvariantCulture))));
            context.Response.Headers.Link = $"<{next}>; rel=\"next\"";
        }
        return TypedResults.Ok(DiffDto.Of(before, after, diff, rows.Length, rows.Skip(skip).Take(take)));
    }

    private static async Task<IResult> ExportAsync(
        ISnapshotDiffs diffs, IOptions<JsonOptions> options, string a, string b, [AsParameters] DiffParameters asked, string? format,
        CancellationToken cancellation = default)
    {
        if (format is not ("csv" or "json"))
        {
            return Problem.BadRequest("format is one of csv, json.");
        }
        if (asked.ToQuery(out var query) is { } wrong)
        {
            return Problem.BadRequest(wrong);
        }
        var found = await diffs.CompareAsync(a, b, cancellation).ConfigureAwait(false);
        if (found is not { Before: { } before, After: { } after, Diff: { } diff })
        {
            return Missing(found, a);
        }
        var rows = query.Regions(diff);
        // As with a snapshot's export: what is written synchronously goes to memory first.
        var file = new MemoryStream();
        if (format == "csv")
        {
            using var writer = new StreamWriter(file, new UTF8Encoding(encoderShouldEmitUTF8Identifier: true), leaveOpen: true);
            DiffCsv.Write(writer, diff, Origin(before), Origin(after), rows);
        }
        else
        {
            await JsonSerializer.SerializeAsync(
                file, DiffDto.Of(before, after, diff, rows.Length, rows), options.Value.SerializerOptions, cancellation).ConfigureAwait(false);
        }
        file.Position = 0;
        return TypedResults.Stream(file, format == "csv" ? "text/csv; charset=utf-8" : "application/json", FileName(before, after, format));
    }

    private static ProblemHttpResult Missing(StoredDiff found, string a) => found switch
    {
        { Before: null } => Problem.NotFound($"There is no snapshot {a}."),
        { After: null } => Problem.NotFound("There is no snapshot of the second id."),
        _ => Problem.Of(StatusCodes.Status422UnprocessableEntity, "Cannot be compared", found.Refusal),
    };

    private static SnapshotOrigin Origin(StoredSnapshot stored) => new(stored.Id, stored.HostId, stored.Label);

    private static string FileName(StoredSnapshot before, StoredSnapshot after, string format)
    {
        var first = SnapshotExports.FileStem(before);
        return string.Create(CultureInfo.InvariantCulture, $"{first}-to-{after.TakenAt.UtcDateTime:yyyyMMdd-HHmmss}.{format}");
    }
}
