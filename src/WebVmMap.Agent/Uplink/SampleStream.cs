using Google.Protobuf;
using Grpc.Core;
using WebVmMap.Agent.Sampling;
using WebVmMap.Core.Processes;
using WebVmMap.Probes;
using WebVmMap.Protocol;
using WebVmMap.Protocol.V1;

namespace WebVmMap.Agent.Uplink;

/// <summary>The samples of one watch on their way to the hub, on a stream of their own. Used by one sender at a time.</summary>
internal sealed class SampleStream : ISampleSink, IDisposable
{
    private readonly AsyncDuplexStreamingCall<SampleChunk, SampleFeedback> _call;
    private readonly string _watchId;
    private bool _begun;
    private ProcessInfo? _told;

    /// <summary>Opens the stream.</summary>
    /// <param name="connection">The hub.</param>
    /// <param name="watchId">The hub's name for the watch.</param>
    /// <param name="cancellation">Breaks the stream off.</param>
    public SampleStream(HubConnection connection, string watchId, CancellationToken cancellation)
    {
        _watchId = watchId;
        _call = connection.Client.StreamSamples(connection.Call(cancellation));
    }

    /// <summary>Hands on what the hub says to the samples, until it ends the stream.</summary>
    public async Task ListenAsync(WatchRequest request, CancellationToken cancellation)
    {
        await foreach (var feedback in _call.ResponseStream.ReadAllAsync(cancellation))
        {
            if (feedback.WantKeyFrame)
            {
                request.AskForKeyFrame();
            }
        }
    }

    /// <inheritdoc/>
    public async Task SendFrameAsync(WatchCost cost, ReadOnlyMemory<byte> frame, CancellationToken cancellation)
    {
        var state = new WatchState
        {
            EffectiveIntervalMs = (uint)Math.Ceiling(cost.EffectiveInterval.TotalMilliseconds),
            CpuShare = cost.CpuShare,
        };
        // The figures in it are those of the counters; the rest seldom changes (an exec), so it seldom travels.
        if (_told is null || _told.Name != cost.Process.Name || _told.CommandLine != cost.Process.CommandLine)
        {
            state.Process = cost.Process.ToWire();
            _told = cost.Process;
        }
        await SendAsync(new SampleChunk { State = state }, cancellation);
        for (var at = 0; at < frame.Length; at += AgentProtocol.ChunkBytes)
        {
            var part = frame[at..Math.Min(frame.Length, at + AgentProtocol.ChunkBytes)];
            await SendAsync(
                // The frame is never written again, so it need not be copied.
                new SampleChunk { FramePart = UnsafeByteOperations.UnsafeWrap(part), FrameComplete = at + part.Length == frame.Length },
                cancellation);
        }
    }

    /// <inheritdoc/>
    public Task SendCountersAsync(ProcessCounters counters, DateTimeOffset time, CancellationToken cancellation) =>
        SendAsync(new SampleChunk { Counters = counters.ToWire(time) }, cancellation);

    /// <inheritdoc/>
    public Task SendEndedAsync(ProbeFailure reason, CancellationToken cancellation) =>
        SendAsync(new SampleChunk { Ended = new WatchEnded { Code = reason.Outcome.ToWire(), Message = reason.Message } }, cancellation);

    /// <summary>Ends the stream in order.</summary>
    public Task CompleteAsync() => _call.RequestStream.CompleteAsync();

    /// <summary>Breaks the stream off unless it has ended.</summary>
    public void Dispose() => _call.Dispose();

    private Task SendAsync(SampleChunk chunk, CancellationToken cancellation)
    {
        if (!_begun)
        {
            chunk.WatchId = _watchId;
            _begun = true;
        }
        return _call.RequestStream.WriteAsync(chunk, cancellation);
    }
}
