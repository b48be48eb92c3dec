using System.Net.Mime;
using Microsoft.AspNetCore.Mvc;

namespace WebVmMap.Hub.Security;

/// <summary>The answer to whoever is not signed in: problem details for scripts, a page that says how for people.</summary>
internal static class SignInRequired
{
    private const string HowTo =
        "Open the link that the hub printed when it started; it works once. For another, run <code>webvmmap-hub login-link</code> on the hub's machine (with its <code>--data</code> and <code>--port</code>), or restart the hub.";

    /// <summary>Answers 401.</summary>
    public static Task WriteAsync(HttpContext context, string? why = null)
    {
        context.Response.StatusCode = StatusCodes.Status401Unauthorized;
        context.Response.Headers.CacheControl = "no-store";
        if (!WantsPage(context.Request))
        {
            context.Response.Headers.WWWAuthenticate = "Bearer";
            return context.Response.WriteAsJsonAsync(
                new ProblemDetails
                {
                    Status = StatusCodes.Status401Unauthorized,
                    Title = "Sign-in required",
                    Detail = "Send a valid API key as Authorization: Bearer KEY. Make one with: webvmmap-hub api-key create NAME",
                },
                (System.Text.Json.JsonSerializerOptions?)null, MediaTypeNames.Application.ProblemJson, context.RequestAborted);
        }
        context.Response.ContentType = "text/html; charset=utf-8";
        return context.Response.WriteAsync(ComesFromElsewhere(context.Request) ? Again() : Page(why ?? "You are not signed in."), context.RequestAborted);
    }

    private static bool WantsPage(HttpRequest request) =>
        !request.Path.StartsWithSegments("/api") && !request.Path.StartsWithSegments("/openapi")
        && request.Headers.Accept.ToString().Contains(MediaTypeNames.Text.Html, StringComparison.OrdinalIgnoreCase);

    // The cookie is SameSite=Strict, so a browser that follows a link from another site does not send it. Loading the page
    // once more is a navigation of our own site: https://developer.mozilla.org/docs/Web/HTTP/Headers/Sec-Fetch-Site
    private static bool ComesFromElsewhere(HttpRequest request) =>
        HttpMethods.IsGet(request.Method) && request.Headers["Sec-Fetch-Mode"] == "navigate" && request.Headers["Sec-Fetch-Site"] == "cross-site";

    private static string Again() => """
        <!doctype html><html lang="en"><head><meta charset="utf-8"><title>WebVmMap</title><meta http-equiv="refresh" content="0"></head><body></body></html>
        """;

    private static string Page(string why) => $$"""
        <!doctype html>
        <html lang="en">
        <head>
          <meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Sign in - WebVmMap</title>
          <link rel="icon" href="/favicon.svg" type="image/svg+xml">
          <style>
            :root { color-scheme: light dark; }
            body { font: 15px/1.5 system-ui, sans-serif; max-width: 36rem; margin: 15vh auto; padding: 0 1.25rem; }
            code { font-family: ui-monospace, monospace; font-size: 0.95em; }
          </style>
        </head>
        <body><main><h1>Sign in to WebVmMap</h1><p>{{why}}</p><p>{{HowTo}}</p></main></body>
        </html>
        """;
}
