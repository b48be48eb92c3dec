using WebVmMap.Core.Recordings;
using WebVmMap.Hub.Recordings;

namespace WebVmMap.Hub.Api;

/// <summary>The call tree of a span of a recording.</summary>
internal static class CallTreeEndpoint
{
    // A tree of this many nodes takes a few MiB: whoever takes it slowly does not keep others waiting.
    private const int SmallTree = 20_000;

    public static void MapCallTree(this IEndpointRouteBuilder recordings) =>
        recordings.MapGet("/{id}/calltree", CallTreeAsync).WithSummary("Who allocated what in a span, and what of it was live at its end; from and to are times or labels of marks")
            .WithDescription("Nothing is left out of any sum: of more calls than maxCalls the smallest stand together as [smaller] beside their siblings, and cut of the root tells how many they are, and below what of the metric.")
            .Produces(StatusCodes.Status200OK, contentType: "application/json")
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status429TooManyRequests);

    private static async Task<IResult> CallTreeAsync(
        string id, [AsParameters] CallTreeParameters parameters, IRecordings recordings, BigReads bigReads, HttpContext context, CancellationToken cancellation)
    {
        if (recordings.Find(id) is not { } recording)
        {
            return RecordingEndpoints.Unknown(id);
        }
        if (parameters.Read(recording, out var span, out var other, out var options) is { } wrong)
        {
            return Problem.BadRequest(wrong);
        }
        if (await bigReads.OfScripts.EnterAsync(context, cancellation).ConfigureAwait(false) is not { } turn)
        {
            return BigReadRefusal.Of(context);
        }
        var soon = parameters.Soon;
        var before = parameters.IsCompared
            ? await recordings.ReadSpanAsync(id, other.Intervals, (_, totals) => totals.WithTemporaries(soon), cancellation).ConfigureAwait(false)
            : null;
        var tree = await recordings.ReadSpanAsync(
            id, span.Intervals, (state, totals) => Make(state, totals.WithTemporaries(soon), before, options, parameters.HideSystem ?? false), cancellation).ConfigureAwait(false);
        if (tree is null)
        {
            return RecordingEndpoints.Unknown(id);
        }
        if (tree.Nodes.Length <= SmallTree)
        {
            turn.Dispose();
        }
        return TypedResults.Stream(output => CallTreeJson.WriteAsync(output, tree, cancellation), "application/json");
    }

    private static CallTree Make(RecordingState state, SpanTotals span, SpanTotals? before, CallTreeOptions options, bool hideSystem)
    {
        var tree = CallTree.Of(state, span, options, before);
        return hideSystem ? tree.Without(place => state.IsSystem(place.Module)) : tree;
    }
}
