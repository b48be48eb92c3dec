using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using WebVmMap.Hub.Hosts;
using WebVmMap.Hub.Recordings;

namespace WebVmMap.Hub.Api;

/// <summary>The live blocks of a recording.</summary>
internal static class RecordingBlocksEndpoint
{
    // The answer is the list; what it is a part of stands beside it.
    private const string CountHeader = "X-Total-Count";
    private const string BytesHeader = "X-Total-Bytes";
    private const string LeftOutHeader = "X-Left-Out-Count";

    public static void MapRecordingBlocks(this IEndpointRouteBuilder recordings) =>
        recordings.MapGet("/{id}/blocks", BlocksAsync)
            .WithSummary("Live blocks by address, time, call or function; of a recording that has ended, those that were live then")
            .WithDescription(
                $"{CountHeader} and {BytesHeader} tell of all that fit, listed or not. At the end of a recording at most {Core.Recordings.KeptBlocks.Maximum} blocks are kept, half the biggest and half the newest of the others; {LeftOutHeader} tells how many were live beside these.")
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status409Conflict).ProducesProblem(StatusCodes.Status504GatewayTimeout);

    private static async Task<Results<Ok<IReadOnlyList<LiveBlockDto>>, ProblemHttpResult>> BlocksAsync(
        string id, [AsParameters] BlockParameters parameters, RecordedBlocks blocks, HttpContext context, CancellationToken cancellation)
    {
        if (parameters.ToQuestion(out var question) is { } wrong)
        {
            return Problem.BadRequest(wrong);
        }
        try
        {
            if (await blocks.FindAsync(id, question, cancellation).ConfigureAwait(false) is not { } found)
            {
                return RecordingEndpoints.Unknown(id);
            }
            context.Response.Headers[CountHeader] = found.Count.ToString(CultureInfo.InvariantCulture);
            context.Response.Headers[BytesHeader] = found.Bytes.ToString(CultureInfo.InvariantCulture);
            if (found.LeftOutBlocks > 0)
            {
                context.Response.Headers[LeftOutHeader] = found.LeftOutBlocks.ToString(CultureInfo.InvariantCulture);
            }
            return TypedResults.Ok<IReadOnlyList<LiveBlockDto>>([.. found.Blocks.Select(LiveBlockDto.Of)]);
        }
        catch (ArgumentException ex)
        {
            return Problem.BadRequest(ex.Message);
        }
        catch (AgentRequestException ex) when (ex.Failure == AgentFailure.Gone)
        {
            return Problem.Of(StatusCodes.Status409Conflict, "No live blocks", ex.Message);
        }
        catch (AgentRequestException ex)
        {
            return AgentProblem.Of(ex, "No live blocks");
        }
    }
}
