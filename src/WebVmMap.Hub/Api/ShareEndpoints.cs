using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.ModelBinding;
using WebVmMap.Core.Redaction;
using WebVmMap.Hub.Shares;

namespace WebVmMap.Hub.Api;

/// <summary>Share links: made, listed and revoked by those who may see everything, never by a link itself.</summary>
internal static class ShareEndpoints
{
    public static void MapShareLinks(this IEndpointRouteBuilder api)
    {
        var shares = api.MapGroup("").WithTags("Shares").ProducesProblem(StatusCodes.Status404NotFound);
        shares.MapPost("/snapshots/{id}/shares", CreateAsync).WithSummary("Makes a link that shows a snapshot, or with compareWith a comparison, to whoever has it")
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status422UnprocessableEntity);
        shares.MapPost("/snapshots/{a}/diff/{b}/shares", CreateDiffAsync).WithSummary("Makes a link that shows a comparison to whoever has it")
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status422UnprocessableEntity);
        shares.MapPost("/recordings/{id}/shares", CreateOfRecordingAsync).WithSummary("Makes a link that shows a recording, and goes on with it, to whoever has it")
            .ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status422UnprocessableEntity);
        shares.MapGet("/shares", async (IShares store, TimeProvider time, CancellationToken cancellation) =>
            TypedResults.Ok(await ListAsync(null, store, time, cancellation).ConfigureAwait(false))).WithSummary("Every share link, newest first");
        shares.MapGet("/snapshots/{id}/shares", async (string id, IShares store, TimeProvider time, CancellationToken cancellation) =>
            TypedResults.Ok(await ListAsync(id, store, time, cancellation).ConfigureAwait(false))).WithSummary("The share links that show a snapshot");
        shares.MapGet("/recordings/{id}/shares", async (string id, IShares store, TimeProvider time, CancellationToken cancellation) =>
            TypedResults.Ok(await ListAsync(id, store, time, cancellation).ConfigureAwait(false))).WithSummary("The share links that show a recording");
        shares.MapGet("/shares/{shareId}", GetAsync).WithSummary("A share link, without its secret");
        shares.MapDelete("/shares/{shareId}", RevokeAsync).WithSummary("Revokes a share link: whoever has it open loses it within seconds");
        shares.MapDelete("/snapshots/{id}/shares", RevokeAllAsync).WithSummary("Revokes every share link that shows a snapshot");
        shares.MapDelete("/recordings/{id}/shares", RevokeAllAsync).WithSummary("Revokes every share link that shows a recording");
        shares.MapDelete("/recordings/{id}/shares/{shareId}", RevokeAsync).WithSummary("Revokes a share link: whoever has it open loses it within seconds");
        shares.MapDelete("/snapshots/{id}/shares/{shareId}", RevokeAsync).WithSummary("Revokes a share link: whoever has it open loses it within seconds");
    }

    private static Task<Results<Created<ShareCreatedDto>, ProblemHttpResult>> CreateDiffAsync(
        string a, string b, [FromBody(EmptyBodyBehavior = EmptyBodyBehavior.Allow)] ShareDto? body,
        IShares shares, HttpRequest request, ClaimsPrincipal user, CancellationToken cancellation) =>
        MakeAsync(ShareSubject.OfSnapshot(a, b), body, shares, request, user, cancellation);

    private static Task<Results<Created<ShareCreatedDto>, ProblemHttpResult>> CreateAsync(
        string id, [FromBody(EmptyBodyBehavior = EmptyBodyBehavior.Allow)] ShareDto? body,
        IShares shares, HttpRequest request, ClaimsPrincipal user, CancellationToken cancellation) =>
        MakeAsync(ShareSubject.OfSnapshot(id, body?.CompareWith), body, shares, request, user, cancellation);

    private static async Task<Results<Created<ShareCreatedDto>, ProblemHttpResult>> CreateOfRecordingAsync(
        string id, [FromBody(EmptyBodyBehavior = EmptyBodyBehavior.Allow)] ShareDto? body,
        IShares shares, HttpRequest request, ClaimsPrincipal user, CancellationToken cancellation) => body?.CompareWith is not null
        ? Problem.Of(StatusCodes.Status422UnprocessableEntity, "No such link", "compareWith is of snapshots: two spans of a recording are compared by its view, as in view=baseTo=warm&from=warm.")
        : await MakeAsync(ShareSubject.OfRecording(id), body, shares, request, user, cancellation).ConfigureAwait(false);

    private static async Task<Results<Created<ShareCreatedDto>, ProblemHttpResult>> MakeAsync(
        ShareSubject subject, ShareDto? body, IShares shares, HttpRequest request, ClaimsPrincipal user, CancellationToken cancellation)
    {
        var lifetime = ShareLimits.UsualLifetime;
        if (body?.ExpiresIn is { } text && !ShareLimits.TryParseLifetime(text, out lifetime))
        {
            return Problem.BadRequest($"expiresIn is a number with d, h or m, an ISO 8601 duration (P7D, PT12H) or a number of seconds, from a minute to {ShareLimits.LongestLifetime.TotalDays:0} days; this is {text}.");
        }
        try
        {
            var (link, secret) = await shares.CreateAsync(
                new ShareRequest
                {
                    Subject = subject,
                    ViewState = body?.View ?? "",
                    Name = body?.Name?.Trim() ?? "",
                    Note = body?.Note?.Trim() ?? "",
                    Redaction = body?.Redact?.ToRules() ?? RedactionRules.All,
                    Lifetime = lifetime,
                    CreatedBy = user.Identity?.Name ?? "",
                }, cancellation).ConfigureAwait(false);
            // The host name was checked at the gate to be one of the hub's own.
            var url = ShareEndpoint.Url($"{request.Scheme}://{request.Host}", secret);
            return TypedResults.Created($"/api/v1/shares/{link.Id}", new ShareCreatedDto(link.Id, url, link.ExpiresAt.UtcDateTime));
        }
        catch (ShareException ex)
        {
            return ex.Unknown ? Problem.NotFound(ex.Message) : Problem.Of(StatusCodes.Status422UnprocessableEntity, "No such link", ex.Message);
        }
    }

    private static async Task<Results<Ok<SharedLinkDto>, ProblemHttpResult>> GetAsync(string shareId, IShares shares, TimeProvider time, CancellationToken cancellation) =>
        (await shares.ListAsync(null, cancellation).ConfigureAwait(false)).FirstOrDefault(link => link.Id == shareId) is { } found
            ? TypedResults.Ok(SharedLinkDto.Of(found, time.GetUtcNow()))
            : Problem.NotFound($"There is no share link {shareId}.");

    private static async Task<IEnumerable<SharedLinkDto>> ListAsync(string? id, IShares shares, TimeProvider time, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        return (await shares.ListAsync(id, cancellation).ConfigureAwait(false)).Select(link => SharedLinkDto.Of(link, now));
    }

    private static async Task<Results<NoContent, ProblemHttpResult>> RevokeAsync(string shareId, IShares shares, ClaimsPrincipal user, CancellationToken cancellation) =>
        await shares.RevokeAsync(shareId, user.Identity?.Name ?? "", cancellation).ConfigureAwait(false)
            ? TypedResults.NoContent()
            : Problem.NotFound($"There is no valid share link {shareId}: it may have been revoked or have expired.");

    private static async Task<Results<NoContent, ProblemHttpResult>> RevokeAllAsync(string id, IShares shares, TimeProvider time, ClaimsPrincipal user, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var revoked = 0;
        foreach (var link in (await shares.ListAsync(id, cancellation).ConfigureAwait(false)).Where(link => link.IsValid(now)))
        {
            revoked += await shares.RevokeAsync(link.Id, user.Identity?.Name ?? "", cancellation).ConfigureAwait(false) ? 1 : 0;
        }
        return revoked > 0 ? TypedResults.NoContent() : Problem.NotFound($"No valid share link shows {id}: they may have been revoked or have expired.");
    }
}
