using System.Globalization;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using WebVmMap.Hub.Api;
using WebVmMap.Hub.Configuration;
using WebVmMap.Hub.Shares;

namespace WebVmMap.Hub.Security;

/// <summary>Puts sign-in, keys and checks together.</summary>
internal static class SecurityExtensions
{
    private const string HubScheme = "Hub";
    private const int LoginsPerMinute = 10;
    private static readonly TimeSpan s_cookieLifetime = TimeSpan.FromDays(14);

    public static IServiceCollection AddHubSecurity(this IServiceCollection services, HubOptions options, DataFolder folder)
    {
        services.TryAddSingleton<KeyStore>();
        services.TryAddSingleton<LoginTokens>();
        services.TryAddSingleton<AgentAdmission>();
        services.TryAddSingleton<HostNameCheck>();
        services.AddDataProtection().PersistKeysToFileSystem(new DirectoryInfo(folder.ProtectionKeys)).SetApplicationName("WebVmMap");
        services.AddAuthentication(HubScheme)
            .AddPolicyScheme(HubScheme, null, scheme => scheme.ForwardDefaultSelector = context =>
                context.Request.Headers.ContainsKey("Authorization") ? ApiKeyScheme.Name
                : options.AllowAnonymous ? AnonymousScheme.Name
                : CookieAuthenticationDefaults.AuthenticationScheme)
            .AddScheme<AuthenticationSchemeOptions, ApiKeyScheme>(ApiKeyScheme.Name, null)
            .AddScheme<AuthenticationSchemeOptions, AnonymousScheme>(AnonymousScheme.Name, null)
            .AddScheme<AuthenticationSchemeOptions, AgentKeyScheme>(AgentKeyScheme.Name, null)
            .AddScheme<AuthenticationSchemeOptions, ShareTicketScheme>(ShareTicketScheme.Name, null)
            .AddCookie(ConfigureCookie);
        var administrators = new AuthorizationPolicyBuilder().RequireAuthenticatedUser().RequireRole(HubClaims.Administrator).Build();
        services.AddAuthorizationBuilder()
            .SetFallbackPolicy(administrators)
            .SetDefaultPolicy(administrators)
            // The last scheme's identity is the first of the user: whoever is signed in stays who he is.
            .AddPolicy(ShareTicketScheme.Policy, policy => policy.AddAuthenticationSchemes(ShareTicketScheme.Name, HubScheme)
                .RequireAssertion(context => context.User.IsInRole(HubClaims.Administrator)
                    || context.User.Identities.Any(identity => identity.AuthenticationType == ShareTicketScheme.Name)))
            .AddPolicy(AgentKeyScheme.Policy, policy => policy.AddAuthenticationSchemes(AgentKeyScheme.Name)
                .RequireAssertion(context => context.User.Identities.Any(identity => identity.AuthenticationType == AgentKeyScheme.Name)));
        services.AddRateLimiter(ConfigureRateLimits);
        return services;
    }

    private static void ConfigureCookie(CookieAuthenticationOptions cookie)
    {
        cookie.Cookie.Name = "webvmmap";
        cookie.Cookie.HttpOnly = true;
        cookie.Cookie.SameSite = SameSiteMode.Strict;
        // Always would lock out everybody who uses plain HTTP on this machine.
        cookie.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
        cookie.ExpireTimeSpan = s_cookieLifetime;
        cookie.SlidingExpiration = true;
        cookie.Events.OnRedirectToLogin = context => SignInRequired.WriteAsync(context.HttpContext);
        cookie.Events.OnRedirectToAccessDenied = context => Problem.WriteAsync(
            context.HttpContext, StatusCodes.Status403Forbidden, "Not allowed", "Your role does not allow this.");
    }

    private static void ConfigureRateLimits(Microsoft.AspNetCore.RateLimiting.RateLimiterOptions limits)
    {
        limits.RejectionStatusCode = StatusCodes.Status429TooManyRequests;
        limits.AddPolicy(LoginEndpoint.RateLimit, context => RateLimitPartition.GetFixedWindowLimiter(
            context.Connection.RemoteIpAddress?.ToString() ?? "",
            _ => new FixedWindowRateLimiterOptions { PermitLimit = LoginsPerMinute, Window = TimeSpan.FromMinutes(1) }));
        limits.OnRejected = (rejected, _) =>
        {
            var wait = rejected.Lease.TryGetMetadata(MetadataName.RetryAfter, out var after) ? after : TimeSpan.FromMinutes(1);
            rejected.HttpContext.Response.Headers.RetryAfter = ((int)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
            return new ValueTask(Problem.WriteAsync(rejected.HttpContext, StatusCodes.Status429TooManyRequests, "Too many requests",
                $"Wait {Math.Ceiling(wait.TotalSeconds):0} seconds and try again."));
        };
    }
}
