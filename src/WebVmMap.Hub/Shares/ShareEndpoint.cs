using Microsoft.AspNetCore.Http.HttpResults;
using WebVmMap.Hub.Components.Shares;

namespace WebVmMap.Hub.Shares;

/// <summary><c>/s/SECRET</c>: the page behind a share link, for whoever has it.</summary>
internal static class ShareEndpoint
{
    public static void MapShares(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/s/{secret}", OpenAsync).AllowAnonymous().ExcludeFromDescription();
        routes.MapHub<ShareHub>(ShareHub.Path, connection =>
        {
            connection.Transports = Microsoft.AspNetCore.Http.Connections.HttpTransportType.WebSockets;
            connection.CloseOnAuthenticationExpiration = true;
        }).RequireAuthorization(ShareTicketScheme.Policy);
    }

    /// <summary>The address of a link.</summary>
    /// <param name="origin">Scheme, name and port of the hub as the one who asks reaches it, with or without a slash at the end.</param>
    /// <param name="secret">The link's secret.</param>
    public static string Url(string origin, string secret) => origin.TrimEnd('/') + Path(secret);

    /// <summary>The path of a link.</summary>
    public static string Path(string secret) => $"/s/{Uri.EscapeDataString(secret)}";

    private static async Task<IResult> OpenAsync(HttpContext context, string secret, IShares shares, ShareMisses misses, TimeProvider time)
    {
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers["X-Robots-Tag"] = "noindex, nofollow, noarchive";
        var address = context.Connection.RemoteIpAddress;
        if (misses.IsBlocked(address))
        {
            await ShareRefusal.WriteTooManyAsync(context).ConfigureAwait(false);
            return Results.Empty;
        }
        if (await shares.OpenAsync(secret, count: true, context.RequestAborted).ConfigureAwait(false) is not { } opened)
        {
            misses.Count(address);
            await ShareRefusal.WriteAsync(context).ConfigureAwait(false);
            return Results.Empty;
        }
        ShareTicketScheme.Give(context, opened.Link.ExpiresAt - time.GetUtcNow());
        return new RazorComponentResult<ShareApp>(new { Secret = secret });
    }
}
