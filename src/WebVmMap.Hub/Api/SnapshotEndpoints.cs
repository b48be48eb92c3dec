using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.WebUtilities;
using WebVmMap.Core.Regions;
using WebVmMap.Core.Snapshots;
using WebVmMap.Hub.Store;

namespace WebVmMap.Hub.Api;

/// <summary>Kept snapshots.</summary>
internal static class SnapshotEndpoints
{
    public static void MapSnapshots(this IEndpointRouteBuilder api)
    {
        var snapshots = api.MapGroup("/snapshots").WithTags("Snapshots");
        snapshots.MapGet("", ListAsync).WithSummary("Kept snapshots, newest first unless sorted otherwise; the Link header leads to the next page, X-Total-Count says how many match")
            .ProducesProblem(StatusCodes.Status400BadRequest);
        api.MapGet("/hosts/{host}/processes/{pid:int}/history", HistoryAsync).WithTags("Snapshots")
            .WithSummary("Kept snapshots of one process, newest first; startTime tells processes apart that had the same id")
            .ProducesProblem(StatusCodes.Status400BadRequest);
        snapshots.MapImport();
        snapshots.MapFragmentation();
        snapshots.MapGet("/{id}", GetAsync).WithSummary("A snapshot with its summary").ProducesProblem(StatusCodes.Status404NotFound);
        snapshots.MapGet("/{id}/regions", RegionsAsync).WithSummary("Its allocations with their blocks, by category and by the filter of the pages")
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound);
        snapshots.MapSnapshotBlocks();
        snapshots.MapGet("/{id}/export", ExportAsync).WithSummary("The snapshot as a file")
            .Produces(StatusCodes.Status200OK, contentType: "application/octet-stream")
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound);
    }

    private static Task<Results<Ok<IEnumerable<SnapshotListItemDto>>, ProblemHttpResult>> ListAsync(
        HttpContext context, ISnapshotStore store, [AsParameters] SnapshotFilterDto filter, CancellationToken cancellation) =>
        PageAsync(context, store, filter, cancellation);

    private static Task<Results<Ok<IEnumerable<SnapshotListItemDto>>, ProblemHttpResult>> HistoryAsync(
        HttpContext context, string host, int pid, ISnapshotStore store, CancellationToken cancellation, DateTimeOffset? startTime = null, int? skip = null, int? take = null) =>
        PageAsync(
            context, store,
            new SnapshotFilterDto(host, pid, startTime, null, null, null, null, null, null, null, null, null, null, skip, take), cancellation);

    private static async Task<Results<Ok<IEnumerable<SnapshotListItemDto>>, ProblemHttpResult>> PageAsync(
        HttpContext context, ISnapshotStore store, SnapshotFilterDto filter, CancellationToken cancellation)
    {
        if (filter.ToQuery() is var (query, problem) && query is null)
        {
            return Problem.BadRequest(problem);
        }
        var found = await store.ListAsync(query, cancellation).ConfigureAwait(false);
        var total = await store.CountAsync(query, cancellation).ConfigureAwait(false);
        if (query.Skip + found.Count < total && found.Count > 0)
        {
            context.Response.Headers.Link = $"<{QueryHelpers.AddQueryString("/api/v1/snapshots", filter.Next())}>; rel=\"next\"";
        }
        context.Response.Headers["X-Total-Count"] = total.ToString(CultureInfo.InvariantCulture);
        return TypedResults.Ok(found.Select(SnapshotListItemDto.Of));
    }

    private static async Task<Results<Ok<SnapshotDto>, ProblemHttpResult>> GetAsync(string id, ISnapshotStore store, CancellationToken cancellation) =>
        await LoadAsync(id, store, cancellation).ConfigureAwait(false) is var (stored, snapshot)
            ? TypedResults.Ok(SnapshotDto.Of(stored, snapshot))
            : Unknown(id);

    private static async Task<Results<Ok<IEnumerable<RegionDto>>, ProblemHttpResult>> RegionsAsync(
        string id, ISnapshotStore store, string? category, string? q, CancellationToken cancellation)
    {
        RegionCategory? wanted = null;
        if (!string.IsNullOrEmpty(category))
        {
            if (!RegionCategories.TryParse(category, out var parsed))
            {
                return Problem.BadRequest($"There is no category {category}: take one of {string.Join(", ", RegionCategories.All.Select(c => c.DisplayName()))}.");
            }
            wanted = parsed;
        }
        return await store.LoadAsync(id, cancellation).ConfigureAwait(false) is { } snapshot
            ? TypedResults.Ok(RegionList.Of(snapshot, wanted, RegionFilter.Parse(q ?? "")))
            : Unknown(id);
    }

    private static async Task<IResult> ExportAsync(string id, ISnapshotStore store, string? format, CancellationToken cancellation)
    {
        if (SnapshotExports.Find(format ?? "") is not { } export)
        {
            return Problem.BadRequest($"format is one of {SnapshotExports.Names}.");
        }
        if (await LoadAsync(id, store, cancellation).ConfigureAwait(false) is not var (stored, snapshot))
        {
            return Unknown(id);
        }
        // The writers are synchronous, and a network may be slow: what is written goes to memory first, some 20 MiB for 100,000 regions.
        var file = new MemoryStream();
        export.Write(file, snapshot, stored);
        file.Position = 0;
        return TypedResults.Stream(file, export.ContentType, SnapshotExports.FileName(stored, export));
    }

    private static async Task<(StoredSnapshot Stored, Snapshot Snapshot)?> LoadAsync(string id, ISnapshotStore store, CancellationToken cancellation) =>
        await store.FindAsync(id, cancellation).ConfigureAwait(false) is { } stored
        && await store.LoadAsync(id, cancellation).ConfigureAwait(false) is { } snapshot
            ? (stored, snapshot)
            : null;

    public static ProblemHttpResult Unknown(string id) => Problem.NotFound($"There is no snapshot {id}.");
}
