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
    private const int MaximumTake = 500;
    private const int DefaultTake = 100;

    public static void MapSnapshots(this IEndpointRouteBuilder api)
    {
        var snapshots = api.MapGroup("/snapshots").WithTags("Snapshots");
        snapshots.MapGet("", ListAsync).WithSummary("Kept snapshots, newest first; the Link header leads to the next page")
            .ProducesProblem(StatusCodes.Status400BadRequest);
        snapshots.MapImport();
        snapshots.MapFragmentation();
        snapshots.MapGet("/{id}", GetAsync).WithSummary("A snapshot with its summary").ProducesProblem(StatusCodes.Status404NotFound);
        snapshots.MapGet("/{id}/regions", RegionsAsync).WithSummary("Its allocations with their blocks, by category and by the filter of the pages")
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound);
        snapshots.MapGet("/{id}/export", ExportAsync).WithSummary("The snapshot as a file")
            .Produces(StatusCodes.Status200OK, contentType: "application/octet-stream")
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound);
    }

    private static async Task<Results<Ok<IEnumerable<SnapshotListItemDto>>, ProblemHttpResult>> ListAsync(
        HttpContext context, ISnapshotStore store, string? host, int? pid, string? name, int skip = 0, int take = DefaultTake, CancellationToken cancellation = default)
    {
        if (skip < 0 || take is < 1 or > MaximumTake)
        {
            return Problem.BadRequest($"skip is 0 or more, and take from 1 to {MaximumTake}.");
        }
        // One more than asked for tells whether there is a next page.
        var found = await store.ListAsync(
            new SnapshotQuery { HostId = host, Pid = pid, Name = name, Skip = skip, Take = Math.Min(take + 1, MaximumTake) }, cancellation).ConfigureAwait(false);
        var more = found.Count > take || (take == MaximumTake && found.Count == take);
        if (more)
        {
            var next = QueryHelpers.AddQueryString("/api/v1/snapshots", new Dictionary<string, string?>
            {
                ["host"] = host,
                ["pid"] = pid?.ToString(CultureInfo.InvariantCulture),
                ["name"] = name,
                ["skip"] = (skip + take).ToString(CultureInfo.InvariantCulture),
                ["take"] = take.ToString(CultureInfo.InvariantCulture),
            }.Where(pair => pair.Value is not null));
            context.Response.Headers.Link = $"<{next}>; rel=\"next\"";
        }
        return TypedResults.Ok(found.Take(take).Select(SnapshotListItemDto.Of));
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

    private static ProblemHttpResult Unknown(string id) => Problem.NotFound($"There is no snapshot {id}.");
}
