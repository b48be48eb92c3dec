using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using WebVmMap.Hub.Hosts;
using WebVmMap.Hub.Processes;
using WebVmMap.Hub.Schedules;
using WebVmMap.Hub.Store.Records;

namespace WebVmMap.Hub.Api;

/// <summary>Schedules and rules that take snapshots by themselves.</summary>
internal static class ScheduleEndpoints
{
    public static void MapSchedules(this IEndpointRouteBuilder api)
    {
        var schedules = api.MapGroup("/schedules").WithTags("Schedules");
        schedules.MapGet("", (ISchedules all, TimeProvider time, string? host) =>
            TypedResults.Ok(all.All.Where(s => host is null || s.HostId == host).Select(s => ScheduleDto.Of(s, time.GetUtcNow()))))
            .WithSummary("Every schedule and rule, and how it went last");
        schedules.MapGet("/{id}", Get).WithSummary("A schedule or rule").ProducesProblem(StatusCodes.Status404NotFound);
        schedules.MapPost("", AddAsync).WithSummary("Makes a schedule (every so many minutes) or a rule (above a limit, or growing faster than one)")
            .ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity).ProducesProblem(StatusCodes.Status502BadGateway);
        schedules.MapPatch("/{id}", ChangeAsync).WithSummary("Pauses it, goes on, or changes its figures")
            .ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status422UnprocessableEntity);
        schedules.MapDelete("/{id}", DeleteAsync).WithSummary("Deletes it; its snapshots stay").ProducesProblem(StatusCodes.Status404NotFound);
    }

    private static Results<Ok<ScheduleDto>, ProblemHttpResult> Get(string id, ISchedules schedules, TimeProvider time) =>
        schedules.All.FirstOrDefault(s => s.Id == id) is { } schedule ? TypedResults.Ok(ScheduleDto.Of(schedule, time.GetUtcNow())) : Unknown(id);

    private static async Task<Results<Created<ScheduleDto>, ProblemHttpResult>> AddAsync(
        NewScheduleDto body, ClaimsPrincipal user, ISchedules schedules, IHostDirectory hosts, IProcessDirectory processes, TimeProvider time, CancellationToken cancellation)
    {
        if (body.Host is null || hosts.Find(body.Host) is not { } host)
        {
            return Problem.NotFound(HostMessages.Unknown(body.Host ?? "\"\""));
        }
        if (new object?[] { body.EveryMinutes, body.PrivateAbove, body.GrowthPerHourAbove }.Count(condition => condition is not null) != 1)
        {
            return Invalid("Give one of everyMinutes, privateAbove and growthPerHourAbove.");
        }
        if (body.Process is null == body.Pid is null)
        {
            return Invalid("Give either process, a name, or pid.");
        }
        var schedule = new NewSchedule
        {
            HostId = host.Id,
            ProcessName = body.Process?.Trim() ?? "",
            Trigger = body.EveryMinutes is not null ? ScheduleTrigger.Interval : body.PrivateAbove is not null ? ScheduleTrigger.PrivateAbove : ScheduleTrigger.GrowthAbove,
            Minutes = body.EveryMinutes ?? body.CoolDownMinutes ?? NewSchedule.DefaultCoolDownMinutes,
            LimitBytes = body.PrivateAbove ?? body.GrowthPerHourAbove ?? 0,
            Label = body.Label?.Trim() ?? "",
            Enabled = body.Enabled ?? true,
        };
        if (body.Pid is { } pid)
        {
            var list = await processes.ListAsync(host.Id, cancellation).ConfigureAwait(false);
            if (list.Error.Length > 0)
            {
                return host.Online
                    ? Problem.Of(StatusCodes.Status502BadGateway, "The agent did not answer", list.Error)
                    : Problem.Of(StatusCodes.Status409Conflict, "Host offline", list.Error);
            }
            if (list.Processes.FirstOrDefault(p => p.Key.Pid == pid) is not { } process)
            {
                return Problem.NotFound($"There is no process {pid} on {host.Name} now.");
            }
            schedule = schedule with { ProcessName = process.Name, Pid = pid, StartStamp = process.Key.StartStamp };
        }
        try
        {
            var added = await schedules.AddAsync(schedule, user.Identity?.Name ?? "", cancellation).ConfigureAwait(false);
            return TypedResults.Created($"/api/v1/schedules/{added.Id}", ScheduleDto.Of(added, time.GetUtcNow()));
        }
        catch (ArgumentException ex)
        {
            return Invalid(ex.Message);
        }
    }

    private static async Task<Results<Ok<ScheduleDto>, ProblemHttpResult>> ChangeAsync(
        string id, ChangeScheduleDto body, ISchedules schedules, TimeProvider time, CancellationToken cancellation)
    {
        if (schedules.All.FirstOrDefault(s => s.Id == id) is not { } schedule)
        {
            return Unknown(id);
        }
        var foreign = (schedule.Trigger, body) switch
        {
            (ScheduleTrigger.Interval, { PrivateAbove: not null } or { GrowthPerHourAbove: not null } or { CoolDownMinutes: not null }) => "A schedule has everyMinutes only.",
            (ScheduleTrigger.PrivateAbove, { EveryMinutes: not null } or { GrowthPerHourAbove: not null }) => "This rule has privateAbove and coolDownMinutes.",
            (ScheduleTrigger.GrowthAbove, { EveryMinutes: not null } or { PrivateAbove: not null }) => "This rule has growthPerHourAbove and coolDownMinutes.",
            _ => null,
        };
        if (foreign is not null)
        {
            return Invalid(foreign);
        }
        try
        {
            var change = new ScheduleChange
            {
                Enabled = body.Enabled,
                Minutes = body.EveryMinutes ?? body.CoolDownMinutes,
                LimitBytes = body.PrivateAbove ?? body.GrowthPerHourAbove,
                Label = body.Label?.Trim(),
            };
            return await schedules.ChangeAsync(id, change, cancellation).ConfigureAwait(false) is { } changed
                ? TypedResults.Ok(ScheduleDto.Of(changed, time.GetUtcNow()))
                : Unknown(id);
        }
        catch (ArgumentException ex)
        {
            return Invalid(ex.Message);
        }
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> DeleteAsync(string id, ClaimsPrincipal user, ISchedules schedules, CancellationToken cancellation) =>
        await schedules.DeleteAsync(id, user.Identity?.Name ?? "", cancellation).ConfigureAwait(false) ? TypedResults.NoContent() : Unknown(id);

    private static ProblemHttpResult Unknown(string id) => Problem.NotFound($"There is no schedule {id}.");

    private static ProblemHttpResult Invalid(string detail) => Problem.Of(StatusCodes.Status422UnprocessableEntity, "Not a schedule", detail);
}
