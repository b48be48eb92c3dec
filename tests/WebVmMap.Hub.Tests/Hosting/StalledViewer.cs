using System.Net.WebSockets;
using System.Text;
using Microsoft.AspNetCore.SignalR.Protocol;
using WebVmMap.Hub.Tests.Live;
using Xunit;

namespace WebVmMap.Hub.Tests.Hosting;

/// <summary>A viewer that asks for frames and then reads nothing at all, down to the socket.</summary>
internal sealed class StalledViewer : IAsyncDisposable
{
    private readonly ClientWebSocket _socket;

    private StalledViewer(ClientWebSocket socket) => _socket = socket;

    public bool IsConnected => _socket.State == WebSocketState.Open;

    public static async Task<StalledViewer> ConnectAsync(TestHub hub)
    {
        var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("Authorization", $"Bearer {TestHub.ApiKey}");
        // Without negotiation: a web socket is all that this needs.
        await socket.ConnectAsync(new UriBuilder(hub.Pages) { Scheme = "ws", Path = "/live" }.Uri, TestContext.Current.CancellationToken);
        var hello = Encoding.UTF8.GetBytes("{\"protocol\":\"messagepack\",\"version\":1}\u001e");
        await socket.SendAsync(hello, WebSocketMessageType.Text, endOfMessage: true, TestContext.Current.CancellationToken);
        var answer = new byte[16];
        await socket.ReceiveAsync(answer, TestContext.Current.CancellationToken);
        var watch = new MessagePackHubProtocol().GetMessageBytes(new StreamInvocationMessage("1", "Watch", [LiveHubTests.Live()]));
        await socket.SendAsync(watch, WebSocketMessageType.Binary, endOfMessage: true, TestContext.Current.CancellationToken);
        return new StalledViewer(socket);
    }

    public ValueTask DisposeAsync()
    {
        _socket.Abort();
        _socket.Dispose();
        return ValueTask.CompletedTask;
    }
}
