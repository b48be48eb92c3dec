using System.Collections.Immutable;
using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using WebVmMap.Hub.Hosts;
using WebVmMap.Hub.Recordings;

namespace WebVmMap.Hub.Api;

/// <summary>Starts, stops, marks, lists and deletes recordings; <see cref="RecordingReadEndpoints"/> tells what is in them.</summary>
internal static class RecordingEndpoints
{
    public static void MapRecordings(this IEndpointRouteBuilder api)
    {
        api.MapPost("/hosts/{host}/recordings", StartAsync).WithTags("Recordings")
            .WithSummary("Records the allocations of a process that runs (pid) or of a program that is started (command), where the agent permits it")
            .ProducesProblem(StatusCodes.Status403Forbidden).ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict)
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity).ProducesProblem(StatusCodes.Status429TooManyRequests)
            .ProducesProblem(StatusCodes.Status502BadGateway).ProducesProblem(StatusCodes.Status504GatewayTimeout);
        var recordings = api.MapGroup("/recordings").WithTags("Recordings");
        recordings.MapGet("", (IRecordings all, string? host) =>
            TypedResults.Ok(List(all.All, host)))
            .WithSummary("Recordings, newest first; those of processes that a recorded one started name its recording as parent");
        recordings.MapGet("/{id}", GetAsync).WithSummary("A recording, its totals, and how it fares").ProducesProblem(StatusCodes.Status404NotFound);
        recordings.MapPost("/{id}/stop", StopAsync).WithSummary("Ends it, and with endProgram the program that was launched for it; answered when what was recorded is stored and the program has ended")
            .ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict).ProducesProblem(StatusCodes.Status422UnprocessableEntity).ProducesProblem(StatusCodes.Status504GatewayTimeout);
        recordings.MapPost("/{id}/marks", MarkAsync).WithSummary("Marks this moment on its timeline")
            .ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status422UnprocessableEntity);
        recordings.MapPatch("/{id}", ChangeAsync).WithSummary("Changes name, note or pin; what was recorded never changes")
            .ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status422UnprocessableEntity);
        recordings.MapDelete("/{id}", DeleteAsync).WithSummary("Deletes one that has ended for good, with those of the processes that its program started, but for pinned ones")
            .ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);
        recordings.MapRecordingReads();
    }

    public static ProblemHttpResult Unknown(string id) => Problem.NotFound($"There is no recording {id}.");

    private static async Task<Results<Created<RecordingStartedDto>, ProblemHttpResult>> StartAsync(
        string host, NewRecordingDto body, IRecordings recordings, ClaimsPrincipal user, CancellationToken cancellation)
    {
        if (body.Mode is not (null or "full" or "sampled"))
        {
            return Invalid("mode is full or sampled.");
        }
        if (body.Command?.Any(word => word is null) == true || body.Environment?.Values.Any(value => value is null) == true)
        {
            return Invalid("Words of the command and values of the environment are texts.");
        }
        var stamp = 0L;
        if (body.StartStamp is { } text && !long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out stamp))
        {
            return Invalid("startStamp is a number in decimal digits, as the list of processes gives it.");
        }
        try
        {
            var recording = await recordings.StartAsync(
                new NewRecording
                {
                    HostId = host,
                    Pid = body.Pid,
                    StartStamp = stamp,
                    Command = [.. body.Command ?? []],
                    WorkingDirectory = body.WorkingDirectory ?? "",
                    Environment = body.Environment?.ToImmutableDictionary() ?? ImmutableDictionary<string, string>.Empty,
                    Sampled = body.Mode == "sampled",
                    SampleBytes = body.SampleBytes ?? 0,
                    FollowsChildren = body.Children ?? false,
                },
                user.Identity?.Name ?? "", cancellation).ConfigureAwait(false);
            return TypedResults.Created($"/api/v1/recordings/{recording.Id}", new RecordingStartedDto(recording.Id, recording.Pid));
        }
        catch (ArgumentException ex)
        {
            return Invalid(ex.Message);
        }
        catch (AgentRequestException ex)
        {
            return AgentProblem.Of(ex, "Recording not started");
        }
    }

    private static IEnumerable<RecordingDto> List(ImmutableArray<Recording> all, string? host)
    {
        var ids = all.Select(recording => recording.Id).ToHashSet(StringComparer.Ordinal);
        var children = all.Where(recording => recording.ParentId.Length > 0).OrderBy(recording => recording.StartedAt).ThenBy(recording => recording.Pid).ToLookup(recording => recording.ParentId);
        return all.Where(recording => host is null || recording.HostId == host).Select(recording => RecordingDto.Of(recording, ids.Contains(recording.ParentId), children[recording.Id]));
    }

    private static RecordingDto Tell(IRecordings recordings, Recording recording) =>
        RecordingDto.Of(recording, recordings.Find(recording.ParentId) is not null, recordings.ChildrenOf(recording.Id));

    private static async Task<Results<Ok<RecordingDto>, ProblemHttpResult>> GetAsync(string id, IRecordings recordings, CancellationToken cancellation)
    {
        if (recordings.Find(id) is not { } recording)
        {
            return Unknown(id);
        }
        // Of one from before these were kept beside it, what is in it has them.
        if (recording is { Health: null, Intervals: > 0 })
        {
            recording = await recordings.ReadAsync(id, state => recording with { Virtual = state.Virtual, Health = state.Health }, cancellation).ConfigureAwait(false) ?? recording;
        }
        return TypedResults.Ok(Tell(recordings, recording));
    }

    private static async Task<Results<Ok<RecordingDto>, ProblemHttpResult>> StopAsync(
        string id, [FromBody(EmptyBodyBehavior = EmptyBodyBehavior.Allow)] StopRecordingDto? body, IRecordings recordings, ClaimsPrincipal user, CancellationToken cancellation)
    {
        try
        {
            return await recordings.StopAsync(id, body?.EndProgram == true, user.Identity?.Name ?? "", cancellation).ConfigureAwait(false) is { } recording
                ? TypedResults.Ok(Tell(recordings, recording))
                : Unknown(id);
        }
        catch (ArgumentException ex)
        {
            return Problem.Of(StatusCodes.Status422UnprocessableEntity, "Program not ended", ex.Message);
        }
        catch (AgentRequestException ex)
        {
            return AgentProblem.Of(ex, "Recording not stopped");
        }
    }

    private static async Task<Results<Created<RecordingMarkDto>, ProblemHttpResult>> MarkAsync(
        string id, NewRecordingMarkDto body, IRecordings recordings, ClaimsPrincipal user, CancellationToken cancellation)
    {
        try
        {
            return await recordings.MarkAsync(id, body.Label ?? "", user.Identity?.Name ?? "", cancellation).ConfigureAwait(false) is { } mark
                ? TypedResults.Created($"/api/v1/recordings/{id}", RecordingMarkDto.Of(mark))
                : Unknown(id);
        }
        catch (ArgumentException ex)
        {
            return Problem.Of(StatusCodes.Status422UnprocessableEntity, "Not marked", ex.Message);
        }
    }

    private static async Task<Results<Ok<RecordingDto>, ProblemHttpResult>> ChangeAsync(
        string id, ChangeRecordingDto body, IRecordings recordings, CancellationToken cancellation)
    {
        var change = new RecordingChange { Name = body.Name?.Trim(), Note = body.Note?.Trim(), Pinned = body.Pinned };
        if (change.Problem is { } problem)
        {
            return Problem.Of(StatusCodes.Status422UnprocessableEntity, "Too long", problem);
        }
        return await recordings.ChangeAsync(id, change, cancellation).ConfigureAwait(false) is { } changed
            ? TypedResults.Ok(Tell(recordings, changed))
            : Unknown(id);
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> DeleteAsync(
        string id, IRecordings recordings, ClaimsPrincipal user, CancellationToken cancellation)
    {
        try
        {
            return await recordings.DeleteAsync(id, user.Identity?.Name ?? "", cancellation).ConfigureAwait(false) ? TypedResults.NoContent() : Unknown(id);
        }
        catch (InvalidOperationException ex)
        {
            return Problem.Of(StatusCodes.Status409Conflict, "Recording not deleted", ex.Message);
        }
    }

    private static ProblemHttpResult Invalid(string detail) => Problem.Of(StatusCodes.Status422UnprocessableEntity, "Not a recording", detail);
}
