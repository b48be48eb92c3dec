using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using WebVmMap.Core.Recordings;
using WebVmMap.Hub.Hosts;
using WebVmMap.Hub.Recordings;

namespace WebVmMap.Hub.Api;

/// <summary>What is in a recording.</summary>
internal static class RecordingReadEndpoints
{
    private const int DefaultBuckets = 1000;
    private const int MaximumBuckets = 100_000;

    public static void MapRecordingReads(this IEndpointRouteBuilder recordings)
    {
        recordings.MapGet("/{id}/timeline", TimelineAsync).WithSummary("What was live, allocated and freed over time, in at most so many buckets")
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound);
        recordings.MapCallTree();
        recordings.MapGet("/{id}/modules", ModulesAsync).WithSummary("The files whose code is in its stacks, and how each fares with symbols")
            .ProducesProblem(StatusCodes.Status404NotFound);
        recordings.MapGet("/{id}/sizes", SizesAsync).WithSummary("What a span allocated and freed by the size of its blocks, in classes of a doubling")
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound);
        recordings.MapGet("/{id}/source", SourceAsync).WithSummary("Lines of a source file that the recording names, read on its host, where its agent permits it")
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status403Forbidden).ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict).ProducesProblem(StatusCodes.Status429TooManyRequests).ProducesProblem(StatusCodes.Status504GatewayTimeout);
        recordings.MapGet("/{id}/callers", CallersAsync).WithSummary("One function in a span: what calls it, what it allocates itself, and what it calls; recursion counted once")
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status429TooManyRequests);
        recordings.MapRecordingBlocks();
        recordings.MapGet("/{id}/export", ExportAsync).WithSummary("A span as a file: pprof, folded or speedscope; or with wvmr the whole recording")
            .Produces(StatusCodes.Status200OK, contentType: "application/octet-stream")
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status429TooManyRequests);
    }

    private static async Task<Results<Ok<IReadOnlyList<TimelineBucketDto>>, ProblemHttpResult>> TimelineAsync(
        string id, IRecordings recordings, int? buckets, CancellationToken cancellation)
    {
        if (buckets is < 1 or > MaximumBuckets)
        {
            return Problem.BadRequest($"buckets is 1 to {MaximumBuckets}.");
        }
        return await recordings.ReadAsync(id, state => TimelineBucketDto.Of(state.Timeline, buckets ?? DefaultBuckets), cancellation).ConfigureAwait(false) is { } timeline
            ? TypedResults.Ok(timeline)
            : RecordingEndpoints.Unknown(id);
    }

    private static async Task<Results<Ok<IReadOnlyList<RecordingModuleDto>>, ProblemHttpResult>> ModulesAsync(string id, IRecordings recordings, CancellationToken cancellation) =>
        await recordings.ReadAsync<IReadOnlyList<RecordingModuleDto>>(id, state => [.. state.Modules.Select(RecordingModuleDto.Of)], cancellation).ConfigureAwait(false) is { } modules
            ? TypedResults.Ok(modules)
            : RecordingEndpoints.Unknown(id);

    private static async Task<Results<Ok<IReadOnlyList<SizeClassDto>>, ProblemHttpResult>> SizesAsync(
        string id, IRecordings recordings, string? from, string? to, string? kind, string? within, CancellationToken cancellation)
    {
        if (recordings.Find(id) is not { } recording)
        {
            return RecordingEndpoints.Unknown(id);
        }
        var wrong = MemoryParameter.Read(kind, out var wantedKind);
        wrong = NamedParameter.Read<TemporaryWithin>(within, "within", out var wantedWithin) ?? wrong;
        wrong = RecordingSpan.Read(recording, from, to, out var span) ?? wrong;
        if (wrong is not null)
        {
            return Problem.BadRequest(wrong);
        }
        IReadOnlyList<SizeClassDto>? sizes = await recordings.ReadSpanAsync<IReadOnlyList<SizeClassDto>>(
            id,
            span.Intervals,
            (state, totals) => [.. SizeHistogram.Of(state, totals.WithTemporaries(wantedWithin ?? TemporaryWithin.Second), wantedKind)
                .Select(size => SizeClassDto.Of(size.SizeClass, size.Figures))],
            cancellation).ConfigureAwait(false);
        return sizes is null ? RecordingEndpoints.Unknown(id) : TypedResults.Ok(sizes);
    }

    private static async Task<Results<Ok<CallNeighboursDto>, ProblemHttpResult>> CallersAsync(
        string id, IRecordings recordings, string? function, string? module, string? from, string? to, string? metric, string? kind, string? within,
        BigReads bigReads, HttpContext context, CancellationToken cancellation)
    {
        if (recordings.Find(id) is not { } recording)
        {
            return RecordingEndpoints.Unknown(id);
        }
        if (string.IsNullOrEmpty(function))
        {
            return Problem.BadRequest("function is the name of a function as the call tree has it.");
        }
        var wrong = NamedParameter.Read<AllocationMetric>(metric, "metric", out var wantedMetric);
        wrong = MemoryParameter.Read(kind, out var wantedKind) ?? wrong;
        wrong = NamedParameter.Read<TemporaryWithin>(within, "within", out var wantedWithin) ?? wrong;
        wrong = RecordingSpan.Read(recording, from, to, out var span) ?? wrong;
        if (wrong is not null)
        {
            return Problem.BadRequest(wrong);
        }
        if (await bigReads.OfScripts.EnterAsync(context, cancellation).ConfigureAwait(false) is null)
        {
            return BigReadRefusal.Of(context);
        }
        var options = new CallTreeOptions { Metric = wantedMetric ?? AllocationMetric.LiveBytes, Kind = wantedKind, MergeLines = true };
        var neighbours = await recordings.ReadSpanAsync(
            id,
            span.Intervals,
            (state, totals) => CallNeighbours.Of(CallTree.Of(state, totals.WithTemporaries(wantedWithin ?? TemporaryWithin.Second), options), function, module),
            cancellation).ConfigureAwait(false);
        return neighbours is null
            ? Problem.NotFound($"No call of {function} is in this span.")
            : TypedResults.Ok(CallNeighboursDto.Of(neighbours));
    }

    private static async Task<Results<Ok<SourceDto>, ProblemHttpResult>> SourceAsync(
        string id, IRecordings recordings, string? file, int? line, ClaimsPrincipal user, CancellationToken cancellation)
    {
        if (file is not { Length: > 0 and <= SourcePlace.MaximumFile } || line is not >= 1)
        {
            return Problem.BadRequest("file is a source file as the call tree has it, and line a number from 1.");
        }
        try
        {
            return await recordings.ReadSourceAsync(id, file, line.Value, user.Identity?.Name ?? "", cancellation).ConfigureAwait(false) is { } lines
                ? TypedResults.Ok(SourceDto.Of(file, line.Value, lines))
                : RecordingEndpoints.Unknown(id);
        }
        catch (AgentRequestException ex)
        {
            return AgentProblem.Of(ex, "No source text");
        }
    }

    private static async Task<IResult> ExportAsync(
        string id, IRecordings recordings, string? format, string? from, string? to, string? metric, BigReads bigReads, HttpContext context, CancellationToken cancellation)
    {
        if (recordings.Find(id) is not { } recording)
        {
            return RecordingEndpoints.Unknown(id);
        }
        if (RecordingExport.Find(format ?? "") is not { } export)
        {
            return Problem.BadRequest($"format is one of {RecordingExport.Names}.");
        }
        if (export.IsComplete)
        {
            return TypedResults.Stream(
                output => RecordingExport.WriteCompleteAsync(output, recordings.ReadIntervalsAsync(id, cancellation), cancellation), export.ContentType, export.FileName(recording));
        }
        var wrong = NamedParameter.Read<AllocationMetric>(metric, "metric", out var wantedMetric);
        wrong = RecordingSpan.Read(recording, from, to, out var span) ?? wrong;
        if (wrong is not null)
        {
            return Problem.BadRequest(wrong);
        }
        if (await bigReads.OfScripts.EnterAsync(context, cancellation).ConfigureAwait(false) is null)
        {
            return BigReadRefusal.Of(context);
        }
        var file = await export.ReadAsync(recordings, recording, span.Intervals, wantedMetric, cancellation).ConfigureAwait(false);
        return file is null ? RecordingEndpoints.Unknown(id) : TypedResults.Stream(file, export.ContentType, export.FileName(recording));
    }
}
