using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using WebVmMap.Hub.Hosts;
using WebVmMap.Hub.Live;
using WebVmMap.Hub.Processes;
using WebVmMap.Hub.Store;

namespace WebVmMap.Hub.Api;

/// <summary>Hosts, their processes, and new snapshots of these.</summary>
internal static class HostEndpoints
{
    public static void MapHosts(this IEndpointRouteBuilder api)
    {
        api.MapGet("/hosts", (IHostDirectory hosts) => TypedResults.Ok(hosts.Hosts.Select(HostDto.Of)))
            .WithSummary("Every host, online or not").WithTags("Hosts");
        api.MapGet("/hosts/{host}/processes", ListProcessesAsync)
            .WithSummary("The processes of a host, asked for now").WithTags("Hosts")
            .ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);
        api.MapPost("/hosts/{host}/processes/{pid:int}/snapshots", TakeAsync)
            .WithSummary("Takes a snapshot of a process and keeps it").WithTags("Snapshots")
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status403Forbidden)
            .ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity).ProducesProblem(StatusCodes.Status429TooManyRequests)
            .ProducesProblem(StatusCodes.Status502BadGateway).ProducesProblem(StatusCodes.Status504GatewayTimeout);
    }

    private static async Task<Results<Ok<IEnumerable<ProcessDto>>, ProblemHttpResult>> ListProcessesAsync(
        string host, IHostDirectory hosts, IProcessDirectory processes, CancellationToken cancellation)
    {
        if (hosts.Find(host) is not { } state)
        {
            return Problem.NotFound(HostMessages.Unknown(host));
        }
        if (!state.Online)
        {
            return Problem.Of(StatusCodes.Status409Conflict, "Host offline", HostMessages.Offline(state));
        }
        var list = await processes.ListAsync(host, cancellation).ConfigureAwait(false);
        return list.Error.Length > 0
            ? Problem.Of(StatusCodes.Status502BadGateway, "The agent did not answer", list.Error)
            : TypedResults.Ok(list.Processes.Select(ProcessDto.Of));
    }

    private static async Task<Results<Created<SnapshotCreatedDto>, ProblemHttpResult>> TakeAsync(
        string host, int pid, [FromBody(EmptyBodyBehavior = Microsoft.AspNetCore.Mvc.ModelBinding.EmptyBodyBehavior.Allow)] TakeSnapshotDto? body,
        ClaimsPrincipal user, ISnapshotTaker taker, CancellationToken cancellation)
    {
        var label = body?.Label?.Trim() ?? "";
        if (label.Length > 200)
        {
            return Problem.Of(StatusCodes.Status422UnprocessableEntity, "Label too long", $"A label has at most 200 characters; this one has {label.Length}.");
        }
        var outcome = await taker.TakeAsync(new SnapshotRequest(new LiveProcessAddress(host, pid, 0), label) { TakenBy = user.Identity?.Name ?? "" }, cancellation).ConfigureAwait(false);
        return outcome.Stored is { } stored
            ? TypedResults.Created($"/api/v1/snapshots/{stored.Id}", new SnapshotCreatedDto(stored.Id))
            : Problem.Of(Status(outcome.Failure), "No snapshot", outcome.Message);
    }

    private static int Status(SnapshotFailure failure) => failure switch
    {
        SnapshotFailure.UnknownHost or SnapshotFailure.ProcessGone => StatusCodes.Status404NotFound,
        SnapshotFailure.HostOffline => StatusCodes.Status409Conflict,
        SnapshotFailure.NoAddressSpace => StatusCodes.Status422UnprocessableEntity,
        SnapshotFailure.Busy => StatusCodes.Status429TooManyRequests,
        SnapshotFailure.Denied => StatusCodes.Status403Forbidden,
        SnapshotFailure.TimedOut => StatusCodes.Status504GatewayTimeout,
        _ => StatusCodes.Status502BadGateway,
    };
}
