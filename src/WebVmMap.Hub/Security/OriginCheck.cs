namespace WebVmMap.Hub.Security;

/// <summary>
/// Refuses what a page of another site has a browser do here: browsers send cookies with WebSockets whatever page opens
/// them, and no server looks at the origin unless it is told to.
/// </summary>
internal static class OriginCheck
{
    /// <summary>Whether a request may be served.</summary>
    public static bool IsAllowed(HttpRequest request)
    {
        if (!Matters(request))
        {
            return true;
        }
        var origin = request.Headers.Origin.ToString();
        if (origin.Length > 0)
        {
            return Uri.TryCreate(origin, UriKind.Absolute, out var uri) && IsSame(uri, request.Host);
        }
        // Scripts send no Origin and bring a key. A browser leaves it out of a same-origin GET only, and says where that came from.
        var site = request.Headers["Sec-Fetch-Site"].ToString();
        return site is "" or "same-origin" or "none";
    }

    /// <summary>A state-changing request that is let in by a cookie has to prove that our own page sent it.</summary>
    public static bool ProvesOwnPage(HttpRequest request) =>
        request.Headers.Origin.Count > 0 || request.Headers["Sec-Fetch-Site"] == "same-origin";

    /// <summary>True for methods that change something.</summary>
    public static bool IsUnsafe(HttpRequest request) =>
        !HttpMethods.IsGet(request.Method) && !HttpMethods.IsHead(request.Method) && !HttpMethods.IsOptions(request.Method);

    private static bool Matters(HttpRequest request) =>
        IsUnsafe(request) || request.HttpContext.WebSockets.IsWebSocketRequest
        || request.Path.StartsWithSegments("/live") || request.Path.StartsWithSegments("/_blazor");

    // The host is one of ours already, so equal authority is equal site. The scheme may differ behind a proxy that ends TLS.
    private static bool IsSame(Uri origin, HostString host) =>
        string.Equals(origin.Host, host.Host, StringComparison.OrdinalIgnoreCase)
        && (host.Port is { } port ? origin.Port == port : origin.IsDefaultPort);
}
