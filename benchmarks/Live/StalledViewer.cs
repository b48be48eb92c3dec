using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;
using Microsoft.AspNetCore.SignalR.Protocol;

namespace WebVmMap.Benchmarks.Live;

/// <summary>
/// Asks for frames, as often as one connection may, and then reads nothing at all, with as little room for unread bytes as the
/// system grants: so that the hub soon cannot write to it any more, and has to let go of it ten seconds later.
/// </summary>
internal sealed class StalledViewer : IDisposable
{
    /// <summary>As many streams as the hub grants a connection.</summary>
    private const int Streams = 8;

    private readonly ClientWebSocket _socket = new();
    private readonly HttpMessageInvoker _invoker = new(new SocketsHttpHandler { ConnectCallback = ConnectAsync });

    public static async Task<StalledViewer> StartAsync(Uri hub, WatchRequest request)
    {
        var viewer = new StalledViewer();
        var socket = viewer._socket;
        await socket.ConnectAsync(new UriBuilder(hub) { Scheme = "ws", Path = "/live" }.Uri, viewer._invoker, CancellationToken.None);
        await socket.SendAsync(Encoding.UTF8.GetBytes("{\"protocol\":\"messagepack\",\"version\":1}\u001e"), WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);
        await socket.ReceiveAsync(new byte[16], CancellationToken.None);
        for (var stream = 1; stream <= Streams; stream++)
        {
            var watch = new MessagePackHubProtocol().GetMessageBytes(new StreamInvocationMessage($"{stream}", "Watch", [request]));
            await socket.SendAsync(watch, WebSocketMessageType.Binary, endOfMessage: true, CancellationToken.None);
        }
        return viewer;
    }

    /// <summary>Reads at last what waits, until the hub's end or a moment of silence.</summary>
    /// <returns>Whether the hub has let go of this viewer.</returns>
    public async Task<bool> WasLetGoAsync()
    {
        var buffer = new byte[64 * 1024];
        using var silence = new CancellationTokenSource(TimeSpan.FromSeconds(3));
        try
        {
            while ((await _socket.ReceiveAsync(buffer, silence.Token)).MessageType != WebSocketMessageType.Close)
            {
            }
            return true;
        }
        catch (WebSocketException)
        {
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    public void Dispose()
    {
        _socket.Abort();
        _socket.Dispose();
        _invoker.Dispose();
    }

    private static async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellation)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 4096 };
        await socket.ConnectAsync(context.DnsEndPoint, cancellation);
        return new NetworkStream(socket, ownsSocket: true);
    }
}
