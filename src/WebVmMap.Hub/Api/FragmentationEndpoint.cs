using Microsoft.AspNetCore.Http.HttpResults;
using WebVmMap.Core.Fragmentation;
using WebVmMap.Core.Snapshots;
using WebVmMap.Hub.Store;

namespace WebVmMap.Hub.Api;

/// <summary>The fragmentation report of a snapshot.</summary>
internal static class FragmentationEndpoint
{
    // Each is decoded for it: some ten milliseconds for 100,000 regions.
    private const int MaximumHistory = 50;

    public static void MapFragmentation(this RouteGroupBuilder snapshots) => snapshots.MapGet("/{id}/fragmentation", GetAsync)
        .WithSummary("How broken up its address space is, and who wastes it; with history, the largest free block over the snapshots of the process")
        .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound);

    private static async Task<Results<Ok<FragmentationDto>, ProblemHttpResult>> GetAsync(
        string id, ISnapshotStore store, int history = 0, CancellationToken cancellation = default)
    {
        if (history is < 0 or > MaximumHistory)
        {
            return Problem.BadRequest($"history is a number of snapshots from 0 to {MaximumHistory}.");
        }
        if (await store.FindAsync(id, cancellation).ConfigureAwait(false) is not { } stored
            || await store.LoadAsync(id, cancellation).ConfigureAwait(false) is not { } snapshot)
        {
            return Problem.NotFound($"There is no snapshot {id}.");
        }
        return TypedResults.Ok(FragmentationDto.Of(FragmentationReport.Of(snapshot), await HistoryAsync(stored, store, history, cancellation).ConfigureAwait(false)));
    }

    private static async Task<List<FragmentationMomentDto>> HistoryAsync(StoredSnapshot of, ISnapshotStore store, int history, CancellationToken cancellation)
    {
        var moments = new List<FragmentationMomentDto>();
        if (history == 0)
        {
            return moments;
        }
        // A pid is given again: its other lives are passed over.
        var query = new SnapshotQuery { HostId = of.HostId, Pid = of.Process.Key.Pid, Take = 500 };
        foreach (var stored in (await store.ListAsync(query, cancellation).ConfigureAwait(false)).Where(stored => stored.Process.Key == of.Process.Key).Take(history))
        {
            if (await store.LoadAsync(stored.Id, cancellation).ConfigureAwait(false) is { } snapshot)
            {
                moments.Add(Moment(stored, snapshot));
            }
        }
        moments.Reverse();
        return moments;
    }

    private static FragmentationMomentDto Moment(StoredSnapshot stored, Snapshot snapshot)
    {
        var report = FragmentationReport.Of(snapshot);
        return new FragmentationMomentDto(stored.Id, stored.TakenAt.UtcDateTime, report.FreeBytes, report.LargestFree, report.UnusableBytes);
    }
}
