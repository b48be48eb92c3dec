using Microsoft.AspNetCore.Http.HttpResults;
using WebVmMap.Core.Recordings;
using WebVmMap.Hub.Api;
using WebVmMap.Hub.Components.Shares;
using WebVmMap.Hub.Recordings;

namespace WebVmMap.Hub.Shares;

/// <summary><c>/s/SECRET</c>: the page behind a share link, and the files of what it shows, for whoever has it.</summary>
internal static class ShareEndpoint
{
    public static void MapShares(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/s/{secret}", OpenAsync).AllowAnonymous().ExcludeFromDescription();
        routes.MapGet("/s/{secret}/export", ExportAsync).AllowAnonymous().ExcludeFromDescription();
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
        if (await AdmitAsync(context, secret, count: true, shares, misses).ConfigureAwait(false) is not { } opened)
        {
            return Results.Empty;
        }
        ShareTicketScheme.Give(context, opened.Link.ExpiresAt - time.GetUtcNow());
        return new RazorComponentResult<ShareApp>(new { Secret = secret });
    }

    // What the page shows anyway, as a file: the span that is looked at, with the same texts left out.
    private static async Task<IResult> ExportAsync(
        HttpContext context, string secret, string? format, string? from, string? to, string? metric, IShares shares, ShareMisses misses, BigReads bigReads)
    {
        if (await AdmitAsync(context, secret, count: false, shares, misses).ConfigureAwait(false) is not { } opened)
        {
            return Results.Empty;
        }
        if (opened is not OpenedRecording { Recording: var recording, Source.Recordings: var reader }
            || RecordingExport.Find(format ?? "") is not { IsComplete: false } export
            || NamedParameter.Read<AllocationMetric>(metric, "metric", out var wanted) is not null)
        {
            return Results.BadRequest("This link has no such file.");
        }
        if (await bigReads.OfShares.EnterAsync(context, context.RequestAborted).ConfigureAwait(false) is null)
        {
            return BigReadRefusal.Of(context);
        }
        try
        {
            var file = await export.ReadAsync(
                reader, recording, state => SpanOfTime.Find(recording, state.Ends, from ?? "", to ?? ""), wanted, context.RequestAborted).ConfigureAwait(false);
            return file is null ? Results.NotFound() : Results.Stream(file, export.ContentType, export.FileName(recording));
        }
        catch (ArgumentException ex)
        {
            return Results.BadRequest(ex.Message);
        }
    }

    /// <summary>What a secret opens; null when it opens nothing, and that was answered.</summary>
    private static async Task<OpenedShare?> AdmitAsync(HttpContext context, string secret, bool count, IShares shares, ShareMisses misses)
    {
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers["X-Robots-Tag"] = "noindex, nofollow, noarchive";
        var address = context.Connection.RemoteIpAddress;
        if (misses.IsBlocked(address))
        {
            await ShareRefusal.WriteTooManyAsync(context).ConfigureAwait(false);
            return null;
        }
        if (await shares.OpenAsync(secret, count, context.RequestAborted).ConfigureAwait(false) is not { } opened)
        {
            misses.Count(address);
            await ShareRefusal.WriteAsync(context).ConfigureAwait(false);
            return null;
        }
        return opened;
    }
}
