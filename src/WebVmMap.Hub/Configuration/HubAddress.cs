using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace WebVmMap.Hub.Configuration;

/// <summary>
/// Where browsers reach the hub, kept in its data folder: <c>login-link</c> is another process and cannot know whether the hub
/// was started with a certificate, on which port, or beyond this machine.
/// </summary>
internal static class HubAddress
{
    /// <summary>Scheme, host and port of the pages of a hub that listens, with no slash at the end.</summary>
    public static string Of(IServiceProvider services)
    {
        var options = services.GetRequiredService<HubOptions>();
        return $"{Scheme(options)}://{Host(options)}:{HubGreeting.Ports(services).Pages.ToString(CultureInfo.InvariantCulture)}";
    }

    /// <summary>The same for agents.</summary>
    public static string OfAgents(IServiceProvider services)
    {
        var options = services.GetRequiredService<HubOptions>();
        return $"{Scheme(options)}://{Host(options)}:{HubGreeting.Ports(services).Agents.ToString(CultureInfo.InvariantCulture)}";
    }

    /// <summary>Notes it down.</summary>
    /// <exception cref="IOException">The folder cannot be written to.</exception>
    public static void Keep(DataFolder folder, string address) => File.WriteAllText(folder.Address, address);

    /// <summary>What the hub that was started last noted down, or where it is by default when none was.</summary>
    /// <param name="folder">The hub's data folder.</param>
    /// <param name="port">The port that is known better; null for the one that was noted.</param>
    /// <exception cref="IOException">The folder cannot be read.</exception>
    public static string Read(DataFolder folder, int? port)
    {
        var noted = File.Exists(folder.Address) && Uri.TryCreate(File.ReadAllText(folder.Address), UriKind.Absolute, out var address)
            ? address
            : new UriBuilder(Uri.UriSchemeHttp, IPAddress.Loopback.ToString(), HubOptions.DefaultPort).Uri;
        return $"{noted.Scheme}://{noted.Host}:{(port ?? noted.Port).ToString(CultureInfo.InvariantCulture)}";
    }

    private static string Scheme(HubOptions options) => options.Tls ? Uri.UriSchemeHttps : Uri.UriSchemeHttp;

    private static string Host(HubOptions options) =>
        options.HostNames.Count > 0 && !options.LoopbackOnly ? options.HostNames[0]
        : options.Address is { } address && !address.Equals(IPAddress.Any) && !address.Equals(IPAddress.IPv6Any) ? Spell(address)
        : Dns.GetHostName();

    private static string Spell(IPAddress address) => address.AddressFamily == AddressFamily.InterNetworkV6 ? $"[{address}]" : address.ToString();
}
