using Microsoft.AspNetCore.Http.HttpResults;
using WebVmMap.Hub.Recordings;
using WebVmMap.Hub.Store;

namespace WebVmMap.Hub.Api;

/// <summary>The live blocks of a snapshot that was taken of a process under recording.</summary>
internal static class SnapshotBlocksEndpoint
{
    public static void MapSnapshotBlocks(this IEndpointRouteBuilder snapshots) =>
        snapshots.MapGet("/{id}/blocks", BlocksAsync)
            .WithSummary("The live blocks that a snapshot of a recorded process keeps, by address, time, call or function")
            .WithDescription(
                $"{LiveBlockAnswer.CountHeader} and {LiveBlockAnswer.BytesHeader} tell of all that fit, listed or not. A snapshot keeps at most {SnapshotBlocks.MaximumBlocks} blocks, the biggest; {LiveBlockAnswer.LeftOutHeader} tells how many were live beside these. 404 where the process was not under recording.")
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound);

    private static async Task<Results<Ok<IReadOnlyList<LiveBlockDto>>, ProblemHttpResult>> BlocksAsync(
        string id, [AsParameters] BlockParameters parameters, ISnapshotStore store, ISnapshotRecordings kept, TimeProvider time, HttpContext context, CancellationToken cancellation)
    {
        if (await kept.ReadAsync(id, cancellation).ConfigureAwait(false) is not { } live)
        {
            return await store.FindAsync(id, cancellation).ConfigureAwait(false) is null ? SnapshotEndpoints.Unknown(id) : NoBlocks(id);
        }
        return await LiveBlockAnswer.OfAsync(new RecordedBlocks(live, time), id, parameters, NoBlocks, context.Response, cancellation).ConfigureAwait(false);
    }

    private static ProblemHttpResult NoBlocks(string id) =>
        Problem.NotFound($"Snapshot {id} has no live blocks: its process was not under recording when it was taken, or its agent did not tell them.");
}
