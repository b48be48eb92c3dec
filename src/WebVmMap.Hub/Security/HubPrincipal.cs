using System.Security.Claims;

namespace WebVmMap.Hub.Security;

/// <summary>Makes the identities of people and scripts.</summary>
internal static class HubPrincipal
{
    public static ClaimsPrincipal Administrator(string name, string scheme) => new(new ClaimsIdentity(
        [new Claim(ClaimTypes.Name, name), new Claim(ClaimTypes.Role, HubClaims.Administrator)], scheme));
}
