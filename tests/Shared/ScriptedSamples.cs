using Google.Protobuf;
using Grpc.Core;
using WebVmMap.Protocol.V1;

namespace WebVmMap.Tests.Shared;

/// <summary>One stream of samples of a scripted agent.</summary>
internal sealed class ScriptedSamples(AsyncDuplexStreamingCall<SampleChunk, SampleFeedback> call) : IDisposable
{
    private bool _named;

    public Task FrameAsync(string watchId, byte[] frame, int part = 256 * 1024) => SendPartsAsync(watchId, frame, part);

    public Task CountersAsync(string watchId, long timeMs, long workingSet) =>
        SendAsync(watchId, new SampleChunk { Counters = new CounterSample { TimeUnixMs = timeMs, WorkingSet = workingSet } });

    public Task StateAsync(string watchId, uint effectiveMs, double share) =>
        SendAsync(watchId, new SampleChunk { State = new WatchState { EffectiveIntervalMs = effectiveMs, CpuShare = share } });

    public Task EndAsync(string watchId, FailureCode code, string message) =>
        SendAsync(watchId, new SampleChunk { Ended = new WatchEnded { Code = code, Message = message } });

    /// <summary>The hub's next feedback, or null at the end of the stream.</summary>
    public async Task<SampleFeedback?> FeedbackAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        return await call.ResponseStream.MoveNext(patience.Token) ? call.ResponseStream.Current : null;
    }

    public void Dispose() => call.Dispose();

    private async Task SendPartsAsync(string watchId, byte[] frame, int part)
    {
        for (var at = 0; at < frame.Length; at += part)
        {
            await SendAsync(watchId, new SampleChunk
            {
                FramePart = ByteString.CopyFrom(frame, at, Math.Min(part, frame.Length - at)),
                FrameComplete = at + part >= frame.Length,
            });
        }
    }

    private Task SendAsync(string watchId, SampleChunk chunk)
    {
        if (!_named)
        {
            chunk.WatchId = watchId;
            _named = true;
        }
        return call.RequestStream.WriteAsync(chunk);
    }
}
