using System.Threading.Channels;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using WebVmMap.Core.Processes;
using WebVmMap.Core.Snapshots;
using WebVmMap.Protocol;
using WebVmMap.Protocol.V1;

namespace WebVmMap.Tests.Shared;

/// <summary>An agent that does what a test says, on a real connection. Whatever the hub sends waits in order until it is asked for.</summary>
internal sealed class ScriptedAgent : IAsyncDisposable
{
    private readonly GrpcChannel _channel;
    private readonly Metadata _headers = [];
    private readonly AsyncDuplexStreamingCall<AgentMessage, HubMessage> _call;
    private readonly Channel<HubMessage> _received = Channel.CreateUnbounded<HubMessage>();

    private ScriptedAgent(Uri hub, string? key, HttpMessageHandler? handler)
    {
        _channel = GrpcChannel.ForAddress(hub, new GrpcChannelOptions { HttpHandler = handler });
        if (key is not null)
        {
            _headers.Add("authorization", $"Bearer {key}");
        }
        Client = new AgentLink.AgentLinkClient(_channel);
        _call = Client.Connect(_headers);
        Ended = ReadAsync();
    }

    public AgentLink.AgentLinkClient Client { get; }

    /// <summary>How the control stream ended, once it has.</summary>
    public Task<Status> Ended { get; }

    public string HostId { get; private set; } = "";

    public static Hello Hello(string name = "alpha", string? machine = null) => new()
    {
        ProtocolVersion = 1,
        AgentVersion = "9.9.9",
        MachineId = machine ?? $"machine-{name}",
        HostName = name,
        Platform = Platform.Linux,
        OsDescription = "Test OS",
        Architecture = "x64",
    };

    /// <summary>Dials without a word.</summary>
    public static ScriptedAgent Dial(Uri hub, string? key = null, HttpMessageHandler? handler = null) => new(hub, key, handler);

    /// <summary>Dials, says hello and waits for the welcome.</summary>
    public static async Task<ScriptedAgent> ConnectAsync(Uri hub, Hello? hello = null, string? key = null, HttpMessageHandler? handler = null)
    {
        var agent = Dial(hub, key, handler);
        await agent.SendAsync(new AgentMessage { Hello = hello ?? Hello() });
        agent.HostId = (await agent.NextAsync(message => message.Welcome)).HostId;
        return agent;
    }

    public Task SendAsync(AgentMessage message) => _call.RequestStream.WriteAsync(message);

    /// <summary>The next message, which has to be of this kind.</summary>
    public async Task<T> NextAsync<T>(Func<HubMessage, T?> kind)
        where T : class
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        HubMessage message;
        try
        {
            message = await _received.Reader.ReadAsync(patience.Token);
        }
        catch (ChannelClosedException)
        {
            throw new InvalidOperationException($"The hub ended the connection: {await Ended}.");
        }
        return kind(message) ?? throw new InvalidOperationException($"The hub sent {message} where a {typeof(T).Name} was expected.");
    }

    /// <summary>Waits for the hub to ask for the processes, and tells these.</summary>
    public async Task AnswerListAsync(params ProcessInfo[] processes)
    {
        var request = await NextAsync(message => message.ListProcesses);
        var list = new ProcessList { RequestId = request.RequestId, Complete = true };
        list.Processes.AddRange(processes.Select(process => process.ToWire()));
        await SendAsync(new AgentMessage { ProcessList = list });
    }

    /// <summary>True when the hub has sent something that was not asked for yet.</summary>
    public bool HasMore => _received.Reader.TryPeek(out _);

    /// <summary>Uploads a snapshot in one chunk or more.</summary>
    public Task<UploadReceipt> UploadAsync(string requestId, Snapshot snapshot) => UploadAsync(requestId, SnapshotCodec.Encode(snapshot));

    public async Task<UploadReceipt> UploadAsync(string requestId, byte[] data, bool last = true, int chunk = 256 * 1024)
    {
        using var upload = Client.UploadSnapshot(_headers);
        try
        {
            for (var at = 0; at == 0 || at < data.Length; at += chunk)
            {
                var part = data.AsMemory(at, Math.Min(chunk, data.Length - at));
                await upload.RequestStream.WriteAsync(new SnapshotChunk
                {
                    RequestId = at == 0 ? requestId : "",
                    Data = ByteString.CopyFrom(part.Span),
                    Last = last && at + chunk >= data.Length,
                });
            }
            await upload.RequestStream.CompleteAsync();
        }
        catch (RpcException)
        {
            // Refused before its end: the answer below says why.
        }
        return await upload;
    }

    public ScriptedSamples StreamSamples() => new(Client.StreamSamples(_headers));

    public ScriptedRecording StreamRecording() => new(Client.StreamRecording(_headers));

    public Task HangUpAsync() => _call.RequestStream.CompleteAsync();

    public async ValueTask DisposeAsync()
    {
        _call.Dispose();
        await Ended;
        _channel.Dispose();
    }

    private async Task<Status> ReadAsync()
    {
        try
        {
            await foreach (var message in _call.ResponseStream.ReadAllAsync())
            {
                _received.Writer.TryWrite(message);
            }
            return _call.GetStatus();
        }
        catch (RpcException ex)
        {
            return ex.Status;
        }
        finally
        {
            _received.Writer.TryComplete();
        }
    }
}
