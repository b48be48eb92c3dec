using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using WebVmMap.Hub.Retention;
using WebVmMap.Hub.Store;

namespace WebVmMap.Hub.Api;

/// <summary>What is kept how long, and who did what.</summary>
internal static class RetentionEndpoints
{
    public static void MapRetention(this IEndpointRouteBuilder api)
    {
        var retention = api.MapGroup("/retention").WithTags("Retention");
        retention.MapGet("", async (IRetention keeper, CancellationToken cancellation) =>
            TypedResults.Ok(RetentionDto.Of(await keeper.StateAsync(cancellation).ConfigureAwait(false))))
            .WithSummary("What is kept how long, how much there is, and which snapshots and recordings go next");
        retention.MapPut("", SetAsync).WithSummary("Sets the limits of each host; 0 is no limit, and without recordings those of recordings stay. What is over them goes within minutes")
            .ProducesProblem(StatusCodes.Status422UnprocessableEntity);
        api.MapGet("/audit", async (AuditLog audit, CancellationToken cancellation, int take = 100) =>
            TypedResults.Ok(await audit.ListAsync(take, cancellation).ConfigureAwait(false)))
            .WithSummary("Who did what, newest first").WithTags("Audit");
    }

    private static async Task<Results<Ok<RetentionDto>, ProblemHttpResult>> SetAsync(
        SetRetentionDto body, ClaimsPrincipal user, IRetention retention, CancellationToken cancellation)
    {
        var settings = body.ToSettings((await retention.StateAsync(cancellation).ConfigureAwait(false)).Settings);
        if (settings.Problem is { } problem)
        {
            return Problem.Of(StatusCodes.Status422UnprocessableEntity, "Not a limit", problem);
        }
        await retention.SetAsync(settings, user.Identity?.Name ?? "", cancellation).ConfigureAwait(false);
        return TypedResults.Ok(RetentionDto.Of(await retention.StateAsync(cancellation).ConfigureAwait(false)));
    }
}
