using System.Net;
using System.Security.Claims;
using System.Text.Encodings.Web;
using Grpc.Core;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Extensions.Options;
using WebVmMap.Hub.Store;
using WebVmMap.Hub.Store.Records;

namespace WebVmMap.Hub.Security;

/// <summary>Lets agents in: by their key, or without one when they are on this machine.</summary>
internal sealed class AgentKeyScheme(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory loggers, UrlEncoder encoder, KeyStore keys)
    : AuthenticationHandler<AuthenticationSchemeOptions>(options, loggers, encoder)
{
    public const string Name = "AgentKey";
    public const string Policy = "Agent";

    private const string Reason = "webvmmap:reason";

    protected override async Task<AuthenticateResult> HandleAuthenticateAsync()
    {
        if (BearerToken.Of(Request) is { } secret)
        {
            KeyRecord? key;
            try
            {
                key = await keys.FindAsync(KeyKind.Agent, secret, Context.RequestAborted).ConfigureAwait(false);
            }
            catch (StoreException ex)
            {
                return Refuse(ex.Message);
            }
            return key is null
                ? Refuse("This hub does not know the agent's key, or it was revoked: make one with: webvmmap-hub agent-key create NAME")
                : Success(key);
        }
        // A proxy on this machine makes every agent look local, but says that it is one.
        var local = Context.Connection.RemoteIpAddress is { } address && IPAddress.IsLoopback(address)
            && !Request.Headers.ContainsKey("X-Forwarded-For") && !Request.Headers.ContainsKey("Forwarded");
        return local ? Success(null) : Refuse("An agent on another machine needs a key: make one at the hub with: webvmmap-hub agent-key create NAME, and give it to the agent with --token");
    }

    // A gRPC client reads grpc-status and grpc-message; of a plain 401 it would show no reason.
    protected override Task HandleChallengeAsync(AuthenticationProperties properties)
    {
        Response.StatusCode = StatusCodes.Status200OK;
        Response.ContentType = "application/grpc";
        Response.Headers["grpc-status"] = ((int)StatusCode.Unauthenticated).ToString(System.Globalization.CultureInfo.InvariantCulture);
        Response.Headers["grpc-message"] = Uri.EscapeDataString(Context.Items[Reason] as string ?? "The agent was not let in.");
        return Response.CompleteAsync();
    }

    protected override Task HandleForbiddenAsync(AuthenticationProperties properties) => HandleChallengeAsync(properties);

    private AuthenticateResult Refuse(string reason)
    {
        Context.Items[Reason] = reason;
        return AuthenticateResult.Fail(reason);
    }

    private static AuthenticateResult Success(KeyRecord? key)
    {
        var identity = new ClaimsIdentity(Name);
        if (key is not null)
        {
            identity.AddClaim(new Claim(ClaimTypes.Name, key.Name));
            identity.AddClaim(new Claim(HubClaims.KeyHash, key.Hash));
            if (key.BoundHostId is { } host)
            {
                identity.AddClaim(new Claim(HubClaims.BoundHost, host));
            }
        }
        return AuthenticateResult.Success(new AuthenticationTicket(new ClaimsPrincipal(identity), Name));
    }
}
