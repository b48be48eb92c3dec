using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using WebVmMap.Hub.Hosts;
using WebVmMap.Hub.Recordings;

namespace WebVmMap.Hub.Api;

/// <summary>Live blocks as an answer: the list, and in headers what it is a part of.</summary>
internal static class LiveBlockAnswer
{
    /// <summary>How many fit, listed or not.</summary>
    public const string CountHeader = "X-Total-Count";

    /// <summary>Bytes of all that fit.</summary>
    public const string BytesHeader = "X-Total-Bytes";

    /// <summary>How many were live beside those that are kept.</summary>
    public const string LeftOutHeader = "X-Left-Out-Count";

    /// <summary>Asks, and answers.</summary>
    /// <param name="blocks">Where the blocks are.</param>
    /// <param name="id">The recording's, or the snapshot's.</param>
    /// <param name="parameters">What is asked for.</param>
    /// <param name="unknown">The answer where there is no such recording.</param>
    /// <param name="response">Gets the headers.</param>
    /// <param name="cancellation">Gives up.</param>
    /// <exception cref="Store.StoreException">The database refused.</exception>
    public static async Task<Results<Ok<IReadOnlyList<LiveBlockDto>>, ProblemHttpResult>> OfAsync(
        RecordedBlocks blocks, string id, BlockParameters parameters, Func<string, ProblemHttpResult> unknown, HttpResponse response, CancellationToken cancellation)
    {
        if (parameters.ToQuestion(out var question) is { } wrong)
        {
            return Problem.BadRequest(wrong);
        }
        try
        {
            if (await blocks.FindAsync(id, question, cancellation).ConfigureAwait(false) is not { } found)
            {
                return unknown(id);
            }
            response.Headers[CountHeader] = found.Count.ToString(CultureInfo.InvariantCulture);
            response.Headers[BytesHeader] = found.Bytes.ToString(CultureInfo.InvariantCulture);
            if (found.LeftOutBlocks > 0)
            {
                response.Headers[LeftOutHeader] = found.LeftOutBlocks.ToString(CultureInfo.InvariantCulture);
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
