using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using WebVmMap.Hub.Recordings;

namespace WebVmMap.Hub.Api;

/// <summary>The answer to one who found too many others waiting for a big read.</summary>
internal static class BigReadRefusal
{
    public static ProblemHttpResult Of(HttpContext context)
    {
        context.Response.Headers.RetryAfter = BigReads.RetryAfter.TotalSeconds.ToString(CultureInfo.InvariantCulture);
        return Problem.Of(
            StatusCodes.Status429TooManyRequests, "Too many requests",
            $"{BigReads.AtOnce} big parts of recordings are read at once, and {BigReads.Waiting} requests wait for it already. Wait {BigReads.RetryAfter.TotalSeconds:0} seconds and try again.");
    }
}
