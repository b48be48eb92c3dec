using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using WebVmMap.Hub.Security;

namespace WebVmMap.Hub.Configuration;

/// <summary>What the hub prints once it is ready.</summary>
internal static class HubGreeting
{
    /// <summary>The link for sign-in, always last; before it, when other machines can connect, what their agents need.</summary>
    /// <exception cref="Store.StoreException">The database refused.</exception>
    public static async Task<IReadOnlyList<string>> LinesAsync(IServiceProvider services, CancellationToken cancellation)
    {
        var options = services.GetRequiredService<HubOptions>();
        var lines = new List<string>();
        if (!options.LoopbackOnly)
        {
            var pin = services.GetRequiredService<HubCertificate>() is { SelfSigned: true } certificate ? $" --pin {certificate.Fingerprint}" : "";
            lines.Add($"Agents connect to {HubAddress.OfAgents(services)}{pin}");
        }
        if (options.AllowAnonymous)
        {
            lines.Add($"Open {HubAddress.Of(services)}/ (no sign-in: whoever reaches this port sees every process)");
            return lines;
        }
        var token = await services.GetRequiredService<LoginTokens>().CreateAsync(LoginTokens.StartLifetime, only: true, cancellation).ConfigureAwait(false);
        lines.Add($"Open {HubAddress.Of(services)}/login?t={token}");
        return lines;
    }

    /// <summary>The ports that the hub really listens on, which the system chose when port 0 was asked for.</summary>
    public static (int Pages, int Agents) Ports(IServiceProvider services)
    {
        // In the order in which HubKestrel opens them.
        var addresses = services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()?.Addresses ?? [];
        var ports = addresses.Select(address => BindingAddress.Parse(address).Port).ToArray();
        return (ports[0], ports[^1]);
    }
}
