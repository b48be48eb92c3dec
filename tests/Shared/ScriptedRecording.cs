using Google.Protobuf;
using Grpc.Core;
using WebVmMap.Core.Recordings;
using WebVmMap.Protocol.V1;

namespace WebVmMap.Tests.Shared;

/// <summary>One stream of a recording of a scripted agent.</summary>
internal sealed class ScriptedRecording(AsyncDuplexStreamingCall<RecordingChunk, RecordingFeedback> call) : IDisposable
{
    /// <summary>Names the recording and waits for the interval that the hub wants.</summary>
    public async Task<uint> OpenAsync(string id)
    {
        await call.RequestStream.WriteAsync(new RecordingChunk { RecordingId = id });
        return await NextAsync();
    }

    /// <summary>Sends an interval and waits until it is stored.</summary>
    public async Task<uint> SendAsync(RecordingInterval interval, int part = 256 * 1024)
    {
        await SendAsync(RecordingCodec.Encode(interval), part);
        return await NextAsync();
    }

    public async Task SendAsync(byte[] data, int part = 256 * 1024)
    {
        for (var at = 0; at < data.Length; at += part)
        {
            await call.RequestStream.WriteAsync(new RecordingChunk
            {
                IntervalPart = ByteString.CopyFrom(data, at, Math.Min(part, data.Length - at)),
                IntervalComplete = at + part >= data.Length,
            });
        }
    }

    /// <summary>Hands over what is live at the end.</summary>
    public async Task SendAsync(KeptBlocks blocks, int part = 256 * 1024)
    {
        var data = KeptBlocksCodec.Encode(blocks);
        for (var at = 0; at < data.Length; at += part)
        {
            await call.RequestStream.WriteAsync(new RecordingChunk
            {
                BlocksPart = ByteString.CopyFrom(data, at, Math.Min(part, data.Length - at)),
                BlocksComplete = at + part >= data.Length,
            });
        }
    }

    public async Task EndAsync(string error = "")
    {
        await call.RequestStream.WriteAsync(new RecordingChunk { Ended = new RecordingEnded { Error = error } });
        await call.RequestStream.CompleteAsync();
    }

    /// <summary>The interval that the hub wants next.</summary>
    /// <exception cref="RpcException">The hub has ended the stream; the status says why.</exception>
    public async Task<uint> NextAsync()
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        return await call.ResponseStream.MoveNext(patience.Token)
            ? call.ResponseStream.Current.Next
            : throw new InvalidOperationException("The hub has ended the stream in order.");
    }

    public void Dispose() => call.Dispose();
}
