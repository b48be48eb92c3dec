using Google.Protobuf;
using Grpc.Core;
using Microsoft.Extensions.Logging;
using WebVmMap.Agent.Recordings;
using WebVmMap.Core.Recordings;
using WebVmMap.Protocol;
using WebVmMap.Protocol.V1;

namespace WebVmMap.Agent.Uplink;

/// <summary>One stream of a recording to the hub. Used once.</summary>
internal sealed partial class RecordingUpload(AgentContext context, HubConnection connection, ActiveRecording recording)
{
    /// <summary>Most live blocks in one answer.</summary>
    public const int MaximumBlocks = 10_000;

    /// <summary>How long to wait before a stream that broke is opened again.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>Sends from where the hub wants it.</summary>
    /// <returns>True when the hub has all of it or wants no more; false when the stream broke and is to be opened again.</returns>
    /// <exception cref="OperationCanceledException">The connection ends.</exception>
    public async Task<bool> RunAsync(CancellationToken cancellation)
    {
        using var call = connection.Client.StreamRecording(connection.Call(cancellation));
        try
        {
            await WriteAsync(call, new RecordingChunk { RecordingId = recording.Id }, cancellation);
            if (!await call.ResponseStream.MoveNext(cancellation))
            {
                return false;
            }
            var next = (int)call.ResponseStream.Current.Next;
            recording.Stored(next);
            using var broken = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            var listening = ListenAsync(call.ResponseStream, broken);
            try
            {
                await SendAsync(call, next, broken.Token);
            }
            catch (Exception exception) when (!cancellation.IsCancellationRequested && exception is RpcException or InvalidOperationException or OperationCanceledException)
            {
                // The hub ended the stream early: what it said below tells why.
            }
            await listening;
            return call.GetStatus().StatusCode == StatusCode.OK;
        }
        catch (RpcException exception) when (!cancellation.IsCancellationRequested)
        {
            Log.Broke(context.Logger, recording.Id, connection.Explain(exception));
            // Other reasons pass: a hub that restarts, or whose disk is full.
            return exception.StatusCode is StatusCode.NotFound or StatusCode.InvalidArgument or StatusCode.Aborted or StatusCode.Unimplemented;
        }
    }

    private async Task SendAsync(AsyncDuplexStreamingCall<RecordingChunk, RecordingFeedback> call, int next, CancellationToken cancellation)
    {
        while (await recording.NextAsync(next, cancellation) is { } data)
        {
            for (var at = 0; at < data.Length; at += AgentProtocol.ChunkBytes)
            {
                var part = data.AsMemory(at, Math.Min(AgentProtocol.ChunkBytes, data.Length - at));
                var chunk = new RecordingChunk { IntervalPart = UnsafeByteOperations.UnsafeWrap(part), IntervalComplete = at + part.Length == data.Length };
                await call.RequestStream.WriteAsync(chunk, cancellation);
            }
            next++;
        }
        // What was live at the end, so that the hub can tell of it when this agent no longer can.
        var blocks = KeptBlocksCodec.Encode(KeptBlocks.Of(recording.FindBlocks));
        for (var at = 0; at < blocks.Length; at += AgentProtocol.ChunkBytes)
        {
            var part = blocks.AsMemory(at, Math.Min(AgentProtocol.ChunkBytes, blocks.Length - at));
            await call.RequestStream.WriteAsync(
                new RecordingChunk { BlocksPart = UnsafeByteOperations.UnsafeWrap(part), BlocksComplete = at + part.Length == blocks.Length }, cancellation);
        }
        await call.RequestStream.WriteAsync(new RecordingChunk { Ended = new RecordingEnded { Error = recording.Error } }, cancellation);
        await call.RequestStream.CompleteAsync();
    }

    private async Task ListenAsync(IAsyncStreamReader<RecordingFeedback> responses, CancellationTokenSource broken)
    {
        try
        {
            while (await responses.MoveNext(broken.Token))
            {
                recording.Stored((int)responses.Current.Next);
            }
        }
        finally
        {
            await broken.CancelAsync();
        }
    }

    // A call that could not be written to has ended; reading from it says why.
    private static async Task WriteAsync(AsyncDuplexStreamingCall<RecordingChunk, RecordingFeedback> call, RecordingChunk chunk, CancellationToken cancellation)
    {
        try
        {
            await call.RequestStream.WriteAsync(chunk, cancellation);
        }
        catch (Exception exception) when (!cancellation.IsCancellationRequested && exception is RpcException or InvalidOperationException)
        {
            // The next read throws the status.
        }
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 78, EventName = "RecordingStreamBroke", Level = LogLevel.Warning, Message = "The stream of recording {Id} broke: {Reason}.")]
        public static partial void Broke(ILogger logger, string id, string reason);
    }
}
