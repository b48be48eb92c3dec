using System.Collections.Concurrent;
using System.Threading.Channels;
using Grpc.Core;
using WebVmMap.Protocol.V1;

namespace WebVmMap.Agent.Tests.Hub;

/// <summary>The hub's service, handing every call to the test. Thread-safe.</summary>
internal sealed class ScriptedAgentLink : AgentLink.AgentLinkBase
{
    private readonly ConcurrentBag<AgentCall> _all = [];

    public Channel<AgentCall> Agents { get; } = Channel.CreateUnbounded<AgentCall>();

    public Channel<SampleCall> Samples { get; } = Channel.CreateUnbounded<SampleCall>();

    public Channel<RecordingCall> Recordings { get; } = Channel.CreateUnbounded<RecordingCall>();

    public Channel<(string RequestId, byte[] Data, int LargestChunk)> Uploads { get; } = Channel.CreateUnbounded<(string, byte[], int)>();

    /// <summary>What every further Connect is answered with; null to serve it.</summary>
    public Status? Refusal { get; set; }

    /// <summary>How many Connect calls came, refused ones included.</summary>
    public int Dials { get; private set; }

    /// <summary>Ends every connection, as a hub that stops does.</summary>
    public void EndAll()
    {
        foreach (var agent in _all)
        {
            agent.End(Status.DefaultSuccess);
        }
    }

    public override async Task Connect(IAsyncStreamReader<AgentMessage> requestStream, IServerStreamWriter<HubMessage> responseStream, ServerCallContext context)
    {
        Dials++;
        if (Refusal is { } refusal)
        {
            throw new RpcException(refusal);
        }
        Assert.True(await requestStream.MoveNext());
        var agent = new AgentCall(requestStream, responseStream, context, requestStream.Current.Hello);
        _all.Add(agent);
        Agents.Writer.TryWrite(agent);
        var status = await agent.Ended;
        if (status.StatusCode != StatusCode.OK)
        {
            throw new RpcException(status);
        }
    }

    public override async Task<UploadReceipt> UploadSnapshot(IAsyncStreamReader<SnapshotChunk> requestStream, ServerCallContext context)
    {
        var data = new MemoryStream();
        var requestId = "";
        var largest = 0;
        await foreach (var chunk in requestStream.ReadAllAsync(context.CancellationToken))
        {
            requestId += chunk.RequestId;
            chunk.Data.WriteTo(data);
            largest = Math.Max(largest, chunk.Data.Length);
            if (chunk.Last)
            {
                Uploads.Writer.TryWrite((requestId, data.ToArray(), largest));
            }
        }
        return new UploadReceipt();
    }

    public override async Task StreamSamples(IAsyncStreamReader<SampleChunk> requestStream, IServerStreamWriter<SampleFeedback> responseStream, ServerCallContext context)
    {
        var samples = new SampleCall(requestStream, responseStream);
        Samples.Writer.TryWrite(samples);
        using var aborted = context.CancellationToken.Register(samples.End);
        await samples.Ended;
    }

    public override async Task StreamRecording(IAsyncStreamReader<RecordingChunk> requestStream, IServerStreamWriter<RecordingFeedback> responseStream, ServerCallContext context)
    {
        var recording = new RecordingCall(requestStream, responseStream);
        Recordings.Writer.TryWrite(recording);
        using var aborted = context.CancellationToken.Register(() => recording.End(Status.DefaultCancelled));
        var status = await recording.Ended;
        if (status.StatusCode != StatusCode.OK)
        {
            throw new RpcException(status);
        }
    }
}
