using WebVmMap.Hub.Api;
using WebVmMap.Hub.Configuration;

namespace WebVmMap.Hub.Security;

/// <summary>The first look at every request: which port, which host name, whose page. Thread-safe.</summary>
internal sealed class HubGate(RequestDelegate next, HostNameCheck hosts)
{
    public Task InvokeAsync(HttpContext context)
    {
        if (HubListener.Of(context).ForAgents)
        {
            return next(context);
        }
        SecurityHeaders.Add(context.Response);
        if (!hosts.IsOurs(context.Request.Host))
        {
            return Problem.WriteAsync(context, StatusCodes.Status400BadRequest, "Unknown host name",
                $"This hub is not called {context.Request.Host.Host}: use its own name, or start it with --host-name {context.Request.Host.Host}");
        }
        if (!OriginCheck.IsAllowed(context.Request))
        {
            return Problem.WriteAsync(context, StatusCodes.Status403Forbidden, "Request from another site",
                $"A page of {context.Request.Headers.Origin} may not use this hub.");
        }
        return next(context);
    }
}
