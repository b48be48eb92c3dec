using Microsoft.EntityFrameworkCore;
using WebVmMap.Hub.Store;

namespace WebVmMap.Hub.Api;

/// <summary><c>/healthz</c>: 200 while the hub can serve, its database included.</summary>
internal static class HealthEndpoint
{
    public static void MapHealth(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/healthz", GetAsync).AllowAnonymous().WithSummary("Whether the hub is ready").WithTags("Health");

    private static async Task<IResult> GetAsync(IDbContextFactory<HubDbContext> contexts, CancellationToken cancellation)
    {
        var context = await contexts.CreateDbContextAsync(cancellation).ConfigureAwait(false);
        await using (context.ConfigureAwait(false))
        {
            return await context.Database.CanConnectAsync(cancellation).ConfigureAwait(false)
                ? TypedResults.Text("ready\n")
                : Problem.Of(StatusCodes.Status503ServiceUnavailable, "Not ready", "The database cannot be opened: the hub's log says why.");
        }
    }
}
