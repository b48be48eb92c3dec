using Microsoft.AspNetCore.Authentication.Cookies;
using WebVmMap.Hub.Api;

namespace WebVmMap.Hub.Security;

/// <summary>Behind sign-in: a change by cookie has to come from our own page.</summary>
internal sealed class OwnPageGate(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext context)
    {
        var byCookie = context.User.Identity is { IsAuthenticated: true, AuthenticationType: CookieAuthenticationDefaults.AuthenticationScheme or AnonymousScheme.Name };
        return byCookie && OriginCheck.IsUnsafe(context.Request) && !OriginCheck.ProvesOwnPage(context.Request)
            ? Problem.WriteAsync(context, StatusCodes.Status403Forbidden, "Request from an unknown page",
                "A change by cookie needs an Origin header of this hub: scripts use an API key instead.")
            : next(context);
    }
}
