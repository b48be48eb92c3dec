using System.Globalization;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Options;

namespace WebVmMap.Hub.Shares;

/// <summary>
/// Whoever has opened a valid link holds a ticket, a cookie that admits to the circuit and to the shared pictures and to nothing
/// else. It opens nothing by itself: what a circuit shows was decided when its page was served, and a picture asks for the secret.
/// </summary>
internal sealed class ShareTicketScheme(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory loggers, UrlEncoder encoder, IDataProtectionProvider protection)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
{
    public const string Name = "ShareTicket";

    /// <summary>The policy of what a shared page needs: a ticket, or any right that is more than one.</summary>
    public const string Policy = "shared page";

    private const string CookieName = "webvmmap-share";
    private const string Purpose = "WebVmMap.ShareTicket";
    private static readonly TimeSpan s_longest = TimeSpan.FromDays(1);

    /// <summary>Gives a ticket.</summary>
    /// <param name="context">The answer that it goes with.</param>
    /// <param name="lifetime">For how much longer the link is valid; reloading the page renews the ticket.</param>
    public static void Give(HttpContext context, TimeSpan lifetime)
    {
        var protector = context.RequestServices.GetRequiredService<IDataProtectionProvider>().CreateProtector(Purpose).ToTimeLimitedDataProtector();
        var good = lifetime < s_longest ? lifetime : s_longest;
        context.Response.Cookies.Append(CookieName, protector.Protect(good.TotalSeconds.ToString("0", CultureInfo.InvariantCulture), good), new CookieOptions
        {
            HttpOnly = true,
            SameSite = SameSiteMode.Strict,
            Secure = context.Request.IsHttps,
            MaxAge = good,
        });
    }

    protected override Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (!Request.Cookies.TryGetValue(CookieName, out var ticket))
        {
            return Task.FromResult(AuthenticateResult.NoResult());
        }
        try
        {
            protection.CreateProtector(Purpose).ToTimeLimitedDataProtector().Unprotect(ticket);
        }
        catch (CryptographicException)
        {
            return Task.FromResult(AuthenticateResult.Fail("The ticket is out of date or none of this hub's."));
        }
        var identity = new ClaimsIdentity([new Claim(ClaimTypes.Name, "share link")], Name);
        return Task.FromResult(AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), Name)));
    }
}
