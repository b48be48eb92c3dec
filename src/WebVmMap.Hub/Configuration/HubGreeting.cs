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
        var ports = Ports(services);
        var lines = new List<string>();
        var host = options.LoopbackOnly ? "127.0.0.1" : Reachable(options);
        var scheme = options.Tls ? "https" : "http";
        if (!options.LoopbackOnly)
        {
            var pin = services.GetRequiredService<HubCertificate>() is { SelfSigned: true } certificate ? $" --pin {certificate.Fingerprint}" : "";
            lines.Add($"Agents connect to {scheme}://{host}:{ports.Agents}{pin}");
        }
        if (options.AllowAnonymous)
        {
            lines.Add($"Open {scheme}://{host}:{ports.Pages}/ (no sign-in: whoever reaches this port sees every process)");
            return lines;
        }
        var token = await services.GetRequiredService<LoginTokens>().CreateAsync(LoginTokens.StartLifetime, only: true, cancellation).ConfigureAwait(false);
        lines.Add($"Open {scheme}://{host}:{ports.Pages}/login?t={token}");
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

    private static string Reachable(HubOptions options) => options.HostNames.Count > 0 ? options.HostNames[0]
        : options.Address is { } address && !address.Equals(System.Net.IPAddress.Any) && !address.Equals(System.Net.IPAddress.IPv6Any) ? Spell(address)
        : System.Net.Dns.GetHostName();

    private static string Spell(System.Net.IPAddress address) =>
        address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 ? $"[{address}]" : address.ToString();
}
