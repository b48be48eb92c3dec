using System.Threading.Channels;
using Grpc.Core;
using WebVmMap.Protocol.V1;

namespace WebVmMap.Agent.Tests.Hub;

/// <summary>One agent's control stream, seen from the hub. Reads all the time, as a hub does.</summary>
internal sealed class AgentCall
{
    private readonly IServerStreamWriter<HubMessage> _responses;
    private readonly Channel<AgentMessage> _messages = Channel.CreateUnbounded<AgentMessage>();
    private readonly TaskCompletionSource<Status> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public AgentCall(IAsyncStreamReader<AgentMessage> requests, IServerStreamWriter<HubMessage> responses, ServerCallContext context, Hello hello)
    {
        _responses = responses;
        Hello = hello;
        Authorization = context.RequestHeaders.GetValue("authorization");
        AgentSideEnded = ReadAsync(requests);
    }

    public Hello Hello { get; }

    public string? Authorization { get; }

    /// <summary>Ends when the agent has ended its side: true in order, false when the connection broke.</summary>
    public Task<bool> AgentSideEnded { get; }

    /// <summary>Ends when this call is to end.</summary>
    public Task<Status> Ended => _ended.Task;

    public Task SendAsync(HubMessage message) => _responses.WriteAsync(message, TestContext.Current.CancellationToken);

    public void End(Status status) => _ended.TrySetResult(status);

    /// <summary>The next message but heartbeats.</summary>
    public async Task<AgentMessage> NextAsync()
    {
        while (true)
        {
            var message = await NextWithHeartbeatsAsync();
            if (message.Heartbeat is null)
            {
                return message;
            }
        }
    }

    public async Task<AgentMessage> NextWithHeartbeatsAsync() => await _messages.Reader.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(TimeSpan.FromSeconds(30));

    private async Task<bool> ReadAsync(IAsyncStreamReader<AgentMessage> requests)
    {
        try
        {
            await foreach (var message in requests.ReadAllAsync())
            {
                _messages.Writer.TryWrite(message);
            }
            End(Status.DefaultSuccess);
            return true;
        }
        catch (Exception exception) when (exception is IOException or OperationCanceledException or InvalidOperationException)
        {
            End(Status.DefaultCancelled);
            return false;
        }
    }
}
