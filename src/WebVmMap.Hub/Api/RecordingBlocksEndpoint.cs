using Microsoft.AspNetCore.Http.HttpResults;
using WebVmMap.Core.Recordings;
using WebVmMap.Hub.Recordings;

namespace WebVmMap.Hub.Api;

/// <summary>The live blocks of a recording.</summary>
internal static class RecordingBlocksEndpoint
{
    public static void MapRecordingBlocks(this IEndpointRouteBuilder recordings) =>
        recordings.MapGet("/{id}/blocks", BlocksAsync)
            .WithSummary("Live blocks by address, time, call or function; of a recording that has ended, those that were live then")
            .WithDescription(
                $"{LiveBlockAnswer.CountHeader} and {LiveBlockAnswer.BytesHeader} tell of all that fit, listed or not. At the end of a recording at most {KeptBlocks.Maximum} blocks are kept, half the biggest and half the newest of the others; {LiveBlockAnswer.LeftOutHeader} tells how many were live beside these.")
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict).ProducesProblem(StatusCodes.Status504GatewayTimeout);

    private static Task<Results<Ok<IReadOnlyList<LiveBlockDto>>, ProblemHttpResult>> BlocksAsync(
        string id, [AsParameters] BlockParameters parameters, RecordedBlocks blocks, HttpContext context, CancellationToken cancellation) =>
        LiveBlockAnswer.OfAsync(blocks, id, parameters, RecordingEndpoints.Unknown, context.Response, cancellation);
}
