using System.Net;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using WebVmMap.Hub.Ingest;

namespace WebVmMap.Hub.Security;

/// <summary><c>/login?t=TOKEN</c> exchanges a token that works once for a cookie; <c>/logout</c> gives it back.</summary>
internal static partial class LoginEndpoint
{
    public const string RateLimit = "login";

    public static void MapLogin(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/login", LoginAsync).AllowAnonymous().RequireRateLimiting(RateLimit).ExcludeFromDescription();
        routes.MapPost("/logout", LogoutAsync).ExcludeFromDescription();
    }

    private static async Task LoginAsync(HttpContext context, LoginTokens tokens, LandingPage landing, ILogger<LoginTokens> logger, string? t = null)
    {
        if (t is null || !await tokens.TryUseAsync(t, context.RequestAborted).ConfigureAwait(false))
        {
            // Whoever is signed in already, for example by a second click on the link, has what the link is for.
            if (context.User.Identity is { IsAuthenticated: true })
            {
                context.Response.Redirect(landing.Path);
                return;
            }
            Log.Refused(logger, context.Connection.RemoteIpAddress);
            await SignInRequired.WriteAsync(context, t is null ? null : "This sign-in link was used already, or is out of date.").ConfigureAwait(false);
            return;
        }
        await context.SignInAsync(
            CookieAuthenticationDefaults.AuthenticationScheme,
            HubPrincipal.Administrator("administrator", CookieAuthenticationDefaults.AuthenticationScheme),
            new AuthenticationProperties { IsPersistent = true }).ConfigureAwait(false);
        Log.SignedIn(logger, context.Connection.RemoteIpAddress);
        // Not even this answer's address may be kept: the redirect goes to one without the token.
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Redirect(landing.Path);
    }

    private static async Task LogoutAsync(HttpContext context)
    {
        await context.SignOutAsync(CookieAuthenticationDefaults.AuthenticationScheme).ConfigureAwait(false);
        context.Response.Redirect("/");
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 40, EventName = "SignedIn", Level = LogLevel.Information, Message = "Signed in from {Address}.")]
        public static partial void SignedIn(ILogger logger, IPAddress? address);

        [LoggerMessage(EventId = 41, EventName = "SignInRefused", Level = LogLevel.Warning, Message = "A sign-in from {Address} was refused: no valid token.")]
        public static partial void Refused(ILogger logger, IPAddress? address);
    }
}
