namespace WebVmMap.Hub.Security;

/// <summary>What every answer tells the browser to refuse on our behalf.</summary>
internal static class SecurityHeaders
{
    // MudBlazor sets styles on elements, hence 'unsafe-inline' there; scripts come from files only.
    private const string ContentSecurityPolicy =
        "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'";

    public static void Add(HttpResponse response)
    {
        var headers = response.Headers;
        headers.ContentSecurityPolicy = ContentSecurityPolicy;
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=(), payment=(), usb=()";
        // What says nothing about it is a page or an answer about somebody's memory; static files do say.
        response.OnStarting(static state =>
        {
            var started = (HttpResponse)state;
            if (started.Headers.CacheControl.Count == 0)
            {
                started.Headers.CacheControl = "no-store";
            }
            return Task.CompletedTask;
        }, response);
    }
}
