using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using WebVmMap.Hub.Store;

namespace WebVmMap.Hub.Api;

/// <summary>Words about kept snapshots, their pins, and their deletion.</summary>
internal static class SnapshotKeepingEndpoints
{
    public static void MapSnapshotKeeping(this IEndpointRouteBuilder api)
    {
        var snapshots = api.MapGroup("/snapshots/{id}").WithTags("Snapshots");
        snapshots.MapPatch("", ChangeAsync).WithSummary("Changes label, note or pin; the snapshot itself never changes")
            .ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status422UnprocessableEntity);
        snapshots.MapDelete("", DeleteAsync).WithSummary("Deletes it; for 15 minutes it can be taken back")
            .ProducesProblem(StatusCodes.Status404NotFound);
        snapshots.MapPost("/restore", RestoreAsync).WithSummary("Takes back a deletion of the last 15 minutes")
            .ProducesProblem(StatusCodes.Status404NotFound);
    }

    private static async Task<Results<Ok<SnapshotListItemDto>, ProblemHttpResult>> ChangeAsync(
        string id, ChangeSnapshotDto body, ISnapshotStore store, CancellationToken cancellation)
    {
        var change = new SnapshotChange { Label = body.Label?.Trim(), Note = body.Note?.Trim(), Pinned = body.Pinned };
        if (change.Problem is { } problem)
        {
            return Problem.Of(StatusCodes.Status422UnprocessableEntity, "Too long", problem);
        }
        return await store.ChangeAsync(id, change, cancellation).ConfigureAwait(false) is { } changed
            ? TypedResults.Ok(SnapshotListItemDto.Of(changed))
            : Unknown(id);
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> DeleteAsync(string id, ClaimsPrincipal user, ISnapshotStore store, CancellationToken cancellation) =>
        await store.DeleteAsync(id, user.Identity?.Name ?? "", cancellation).ConfigureAwait(false) ? TypedResults.NoContent() : Unknown(id);

    private static async Task<Results<NoContent, ProblemHttpResult>> RestoreAsync(string id, ClaimsPrincipal user, ISnapshotStore store, CancellationToken cancellation) =>
        await store.RestoreAsync(id, user.Identity?.Name ?? "", cancellation).ConfigureAwait(false)
            ? TypedResults.NoContent()
            : Problem.NotFound($"There is no deleted snapshot {id} that could be taken back.");

    private static ProblemHttpResult Unknown(string id) => Problem.NotFound($"There is no snapshot {id}.");
}
