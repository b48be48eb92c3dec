namespace WebVmMap.Hub.Shares;

/// <summary>The answer to whoever opens a link that shows nothing: the same bytes whether it is unknown, expired, revoked or has nothing left to show.</summary>
internal static class ShareRefusal
{
    /// <summary>What is said in place of a picture, too.</summary>
    public const string Message = "This link is not valid, or not any more.";

    /// <summary>Answers 404.</summary>
    public static Task WriteAsync(HttpContext context) => WriteAsync(context, StatusCodes.Status404NotFound, Message,
        "It may have been revoked, it may have expired, or it was not copied whole. Whoever sent it to you can send a new one.");

    /// <summary>Answers 429.</summary>
    public static Task WriteTooManyAsync(HttpContext context)
    {
        context.Response.Headers.RetryAfter = "60";
        return WriteAsync(context, StatusCodes.Status429TooManyRequests, "Too many links that are not valid.", "Wait a minute and try again.");
    }

    private static Task WriteAsync(HttpContext context, int status, string title, string text)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/html; charset=utf-8";
        return context.Response.WriteAsync($$"""
            <!doctype html>
            <html lang="en">
            <head>
              <meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="robots" content="noindex"><title>Shared link - WebVmMap</title>
              <link rel="icon" href="/favicon.svg" type="image/svg+xml">
              <style>
                :root { color-scheme: light dark; }
                body { font: 15px/1.5 system-ui, sans-serif; max-width: 36rem; margin: 15vh auto; padding: 0 1.25rem; }
              </style>
            </head>
            <body><main><h1>{{title}}</h1><p>{{text}}</p></main></body>
            </html>
            """, context.RequestAborted);
    }
}
