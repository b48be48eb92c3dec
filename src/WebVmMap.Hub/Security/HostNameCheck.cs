using System.Net;
using System.Net.NetworkInformation;
using WebVmMap.Hub.Configuration;

namespace WebVmMap.Hub.Security;

/// <summary>
/// The names under which browsers may reach the pages. Any other name in a request is an attempt to have a browser take this
/// hub for another site (DNS rebinding). Thread-safe.
/// </summary>
internal sealed class HostNameCheck(HubOptions options)
{
    private readonly HashSet<string> _names = Names(options);

    /// <summary>Whether a request names this hub.</summary>
    public bool IsOurs(HostString host) => host.HasValue && _names.Contains(host.Host);

    private static HashSet<string> Names(HubOptions options)
    {
        var names = new HashSet<string>(options.HostNames, StringComparer.OrdinalIgnoreCase) { "localhost", "127.0.0.1", "[::1]" };
        if (options.LoopbackOnly)
        {
            names.Add(Spell(options.Address ?? IPAddress.Loopback));
            return names;
        }
        names.Add(Dns.GetHostName());
        if (options.Address is { } one && !one.Equals(IPAddress.Any) && !one.Equals(IPAddress.IPv6Any))
        {
            names.Add(Spell(one));
            return names;
        }
        foreach (var address in NetworkInterface.GetAllNetworkInterfaces().SelectMany(card => card.GetIPProperties().UnicastAddresses))
        {
            names.Add(Spell(address.Address));
        }
        return names;
    }

    private static string Spell(IPAddress address) =>
        address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 ? $"[{address}]" : address.ToString();
}
