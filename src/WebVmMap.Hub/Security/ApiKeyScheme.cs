using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using WebVmMap.Hub.Configuration;
using WebVmMap.Hub.Store.Records;

namespace WebVmMap.Hub.Security;

/// <summary>Lets scripts in by an API key: the session's own, or one of those that were handed out.</summary>
internal sealed class ApiKeyScheme(
    IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory loggers, UrlEncoder encoder, KeyStore keys, HubOptions hub)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
{
    public const string Name = "ApiKey";

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (BearerToken.Of(Request) is not { } secret)
        {
            return AuthenticateResult.NoResult();
        }
        if (hub.ApiKey is { } own && SecretText.FixedTimeEquals(own, secret))
        {
            return Success("WEBVMMAP_API_KEY");
        }
        return await keys.FindAsync(KeyKind.Api, secret, Context.RequestAborted).ConfigureAwait(false) is { } key
            ? Success(key.Name)
            : AuthenticateResult.Fail("The API key is unknown or was revoked.");
    }

    protected override Task HandleChallengeAsync(AuthenticationProperties properties) => SignInRequired.WriteAsync(Context);

    private static AuthenticateResult Success(string keyName) => AuthenticateResult.Success(
        new AuthenticationTicket(HubPrincipal.Administrator($"api key {keyName}", Name), Name));
}
