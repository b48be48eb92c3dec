using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using WebVmMap.Hub.Hosts;
using WebVmMap.Hub.Live;
using WebVmMap.Hub.Processes;
using WebVmMap.Hub.WorkingSets;

namespace WebVmMap.Hub.Api;

/// <summary>Empties the working set of a process.</summary>
internal static class WorkingSetEndpoint
{
    public static void MapWorkingSets(this IEndpointRouteBuilder api) =>
        api.MapPost("/hosts/{host}/processes/{pid:int}/empty-working-set", EmptyAsync)
            .WithSummary("Has the system take the process's pages out of memory, where its agent permits that").WithTags("Hosts")
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status403Forbidden)
            .ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status429TooManyRequests).ProducesProblem(StatusCodes.Status502BadGateway)
            .ProducesProblem(StatusCodes.Status504GatewayTimeout);

    private static async Task<Results<Ok<EmptiedWorkingSetDto>, ProblemHttpResult>> EmptyAsync(
        string host, int pid, [FromBody(EmptyBodyBehavior = EmptyBodyBehavior.Allow)] EmptyWorkingSetDto? body,
        IHostDirectory hosts, IProcessDirectory processes, IWorkingSets workingSets, ClaimsPrincipal user, CancellationToken cancellation)
    {
        if (hosts.Find(host) is null)
        {
            return Problem.NotFound(HostMessages.Unknown(host));
        }
        try
        {
            var start = body?.StartTime is { } time ? await StartStampAsync(processes, host, pid, time, cancellation).ConfigureAwait(false) : 0;
            var emptied = await workingSets.EmptyAsync(new LiveProcessAddress(host, pid, start), user.Identity?.Name ?? "", cancellation).ConfigureAwait(false);
            return TypedResults.Ok(EmptiedWorkingSetDto.Of(emptied));
        }
        catch (AgentRequestException ex)
        {
            return Problem.Of(Status(ex.Failure), "Working set not emptied", ex.Message);
        }
    }

    /// <summary>The start stamp of the process that has this id and started at this time.</summary>
    /// <exception cref="AgentRequestException">There is none; the message says why.</exception>
    private static async Task<long> StartStampAsync(IProcessDirectory processes, string host, int pid, DateTimeOffset time, CancellationToken cancellation)
    {
        var list = await processes.ListAsync(host, cancellation).ConfigureAwait(false);
        if (list.Error.Length > 0)
        {
            throw new AgentRequestException(AgentFailure.Failed, list.Error);
        }
        var process = list.Processes.FirstOrDefault(process => process.Key.Pid == pid)
            ?? throw new AgentRequestException(AgentFailure.Gone, $"There is no process {pid}.");
        return process.StartTime == time
            ? process.Key.StartStamp
            : throw new AgentRequestException(AgentFailure.Replaced, $"The process {pid} of now started at {process.StartTime.UtcDateTime:O}: it is another one.");
    }

    private static int Status(AgentFailure failure) => failure switch
    {
        AgentFailure.Gone or AgentFailure.Replaced => StatusCodes.Status404NotFound,
        AgentFailure.Denied => StatusCodes.Status403Forbidden,
        AgentFailure.Busy => StatusCodes.Status429TooManyRequests,
        AgentFailure.TimedOut => StatusCodes.Status504GatewayTimeout,
        AgentFailure.Disconnected => StatusCodes.Status409Conflict,
        _ => StatusCodes.Status502BadGateway,
    };
}
