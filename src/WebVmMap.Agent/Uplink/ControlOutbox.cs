using System.Threading.Channels;
using Grpc.Core;
using WebVmMap.Protocol.V1;

namespace WebVmMap.Agent.Uplink;

/// <summary>
/// What waits to be sent on the control stream: many writers, one stream. Bounded, so answers wait for a slow hub instead of
/// piling up. Thread-safe.
/// </summary>
internal sealed class ControlOutbox
{
    private readonly Channel<AgentMessage> _messages = Channel.CreateBounded<AgentMessage>(new BoundedChannelOptions(16) { SingleReader = true });

    /// <summary>Puts in a message, when there is room for it.</summary>
    public ValueTask SendAsync(AgentMessage message, CancellationToken cancellation) => _messages.Writer.WriteAsync(message, cancellation);

    /// <summary>Puts in a message if there is room for it now: one that is outdated later anyway.</summary>
    public void SendIfRoom(AgentMessage message) => _messages.Writer.TryWrite(message);

    /// <summary>Tells the hub that what it asked for cannot be had.</summary>
    /// <param name="id">Of the request or the watch.</param>
    /// <param name="code">Why.</param>
    /// <param name="message">One sentence: what, why, and what to do.</param>
    /// <param name="cancellation">Gives up.</param>
    public ValueTask SendFailureAsync(string id, FailureCode code, string message, CancellationToken cancellation) =>
        SendAsync(new AgentMessage { RequestFailed = new RequestFailed { RequestId = id, Code = code, Message = message } }, cancellation);

    /// <summary>Nothing more will come: <see cref="PumpAsync"/> ends when what is in it is sent.</summary>
    public void Close() => _messages.Writer.TryComplete();

    /// <summary>Sends until closed, then ends the stream.</summary>
    public async Task PumpAsync(IClientStreamWriter<AgentMessage> stream, CancellationToken cancellation)
    {
        await foreach (var message in _messages.Reader.ReadAllAsync(cancellation))
        {
            await stream.WriteAsync(message, cancellation);
        }
        await stream.CompleteAsync();
    }
}
