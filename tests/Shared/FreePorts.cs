using System.Net;
using System.Net.Sockets;

namespace WebVmMap.Testing;

/// <summary>Finds ports for a hub that is given one by number.</summary>
internal static class FreePorts
{
    /// <summary>A free port.</summary>
    public static int One()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>A free port whose next one is free too.</summary>
    public static int NeighbourPair()
    {
        for (var attempt = 0; attempt < 100; attempt++)
        {
            using var first = new TcpListener(IPAddress.Loopback, 0);
            first.Start();
            var port = ((IPEndPoint)first.LocalEndpoint).Port;
            using var second = new TcpListener(IPAddress.Loopback, port + 1);
            try
            {
                second.Start();
                return port;
            }
            catch (SocketException)
            {
                // Taken by somebody else: look for another pair.
            }
        }
        throw new InvalidOperationException("There are no two neighbouring free ports.");
    }
}
