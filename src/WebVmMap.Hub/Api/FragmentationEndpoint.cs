using Microsoft.AspNetCore.Http.HttpResults;
using WebVmMap.Hub.Store;

namespace WebVmMap.Hub.Api;

/// <summary>The fragmentation report of a snapshot.</summary>
internal static class FragmentationEndpoint
{
    public static void MapFragmentation(this RouteGroupBuilder snapshots) => snapshots.MapGet("/{id}/fragmentation", GetAsync)
        .WithSummary("How broken up its address space is, and who wastes it; with history, the largest free block over the snapshots of the process")
        .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound);

    private static async Task<Results<Ok<FragmentationDto>, ProblemHttpResult>> GetAsync(
        string id, ISnapshotStore store, FragmentationHistory histories, int history = 0, CancellationToken cancellation = default)
    {
        if (history is < 0 or > FragmentationHistory.MaximumMoments)
        {
            return Problem.BadRequest($"history is a number of snapshots from 0 to {FragmentationHistory.MaximumMoments}.");
        }
        if (await store.FindAsync(id, cancellation).ConfigureAwait(false) is not { } stored
            || await store.LoadAsync(id, cancellation).ConfigureAwait(false) is not { } snapshot)
        {
            return Problem.NotFound($"There is no snapshot {id}.");
        }
        var moments = await histories.OfAsync(stored.HostId, stored.Process.Key, history, cancellation).ConfigureAwait(false);
        return TypedResults.Ok(FragmentationDto.Of(snapshot.Fragmentation, [.. moments.Select(FragmentationMomentDto.Of)]));
    }
}
