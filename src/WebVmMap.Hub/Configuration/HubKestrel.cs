using System.Net;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using WebVmMap.Hub.Security;

namespace WebVmMap.Hub.Configuration;

/// <summary>The hub's two ports: pages and API; agents. HTTP/2 without TLS cannot share a port with HTTP/1.1.</summary>
internal static class HubKestrel
{
    private const long MaximumRequestBytes = 1 << 20;
    private const int MaximumUpgradedConnections = 5_000;
    private const int MaximumStreams = 640;

    public static void Configure(KestrelServerOptions kestrel, HubOptions options, HubCertificate? certificate)
    {
        kestrel.AddServerHeader = false;
        kestrel.Limits.MaxRequestBodySize = MaximumRequestBytes;
        kestrel.Limits.MaxConcurrentUpgradedConnections = MaximumUpgradedConnections;
        // A half-open connection of an agent or a viewer is found in seconds instead of minutes.
        kestrel.Limits.Http2.KeepAlivePingDelay = TimeSpan.FromSeconds(15);
        kestrel.Limits.Http2.KeepAlivePingTimeout = TimeSpan.FromSeconds(10);
        // An agent sends each recording on a stream of its own, and one that follows children has many.
        kestrel.Limits.Http2.MaxStreamsPerConnection = MaximumStreams;
        Listen(kestrel, options.Address, options.Port, listen =>
        {
            listen.Protocols = certificate is null ? HttpProtocols.Http1 : HttpProtocols.Http1AndHttp2;
            Mark(listen, HubListener.Pages, certificate);
        });
        Listen(kestrel, options.Address, options.AgentPort, listen =>
        {
            listen.Protocols = HttpProtocols.Http2;
            Mark(listen, HubListener.Agents, certificate);
        });
    }

    private static void Listen(KestrelServerOptions kestrel, IPAddress? address, int port, Action<ListenOptions> configure)
    {
        if (address is null)
        {
            kestrel.ListenAnyIP(port, configure);
        }
        else
        {
            kestrel.Listen(address, port, configure);
        }
    }

    private static void Mark(ListenOptions listen, HubListener listener, HubCertificate? certificate)
    {
        if (certificate is not null)
        {
            // The protocols are the system's choice, which includes TLS 1.2: an agent on Windows 10 speaks nothing newer.
            listen.UseHttps(certificate.Certificate);
        }
        listen.Use(next => connection =>
        {
            connection.Features.Set(listener);
            return next(connection);
        });
    }
}
