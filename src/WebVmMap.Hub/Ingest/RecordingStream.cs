using System.Buffers;
using Grpc.Core;
using WebVmMap.Core.Recordings;
using WebVmMap.Hub.Recordings;
using WebVmMap.Hub.Security;
using WebVmMap.Hub.Store;
using WebVmMap.Protocol.V1;

namespace WebVmMap.Hub.Ingest;

/// <summary>Puts the parts of intervals together, has them stored, and says so. Thread-safe: it keeps nothing of a stream.</summary>
internal sealed class RecordingStream(IRecordingFeeds feeds)
{
    /// <exception cref="RpcException">The stream is refused.</exception>
    /// <exception cref="InvalidDataException">The data are malformed; the recording has failed by that.</exception>
    public async Task<bool> ReceiveAsync(
        IAsyncStreamReader<RecordingChunk> chunks, IServerStreamWriter<RecordingFeedback> feedback, AgentIdentity identity, CancellationToken ending)
    {
        if (!await chunks.MoveNext(ending).ConfigureAwait(false))
        {
            throw new InvalidDataException("The stream has no message.");
        }
        try
        {
            var feed = await feeds.OpenAsync(chunks.Current.RecordingId, identity.SpeaksFor, ending).ConfigureAwait(false);
            await using (feed)
            {
                if (feed is null)
                {
                    throw new RpcException(new Status(StatusCode.NotFound, "There is no recording under this id (any more)."));
                }
                using var both = CancellationTokenSource.CreateLinkedTokenSource(ending, feed.Replaced);
                try
                {
                    await feedback.WriteAsync(new RecordingFeedback { Next = (uint)feed.Next }, both.Token).ConfigureAwait(false);
                    await ReceiveAsync(chunks, feedback, feed, both.Token).ConfigureAwait(false);
                    return true;
                }
                catch (InvalidDataException ex)
                {
                    await feed.EndAsync($"What the agent sent was refused: {ex.Message}").ConfigureAwait(false);
                    throw;
                }
                catch (OperationCanceledException) when (feed.Replaced.IsCancellationRequested && !ending.IsCancellationRequested)
                {
                    throw new RpcException(new Status(StatusCode.Aborted, "A newer stream of this recording has taken over."));
                }
            }
        }
        catch (StoreException ex)
        {
            // The agent keeps what is not stored and comes again.
            throw new RpcException(new Status(StatusCode.Unavailable, ex.Message));
        }
    }

    private static async Task ReceiveAsync(
        IAsyncStreamReader<RecordingChunk> chunks, IServerStreamWriter<RecordingFeedback> feedback, RecordingFeed feed, CancellationToken ending)
    {
        var parts = new ArrayBufferWriter<byte>();
        var blocks = new ArrayBufferWriter<byte>();
        do
        {
            var chunk = chunks.Current;
            if (parts.WrittenCount + (long)chunk.IntervalPart.Length > RecordingLimits.MaxIntervalBytes)
            {
                throw new InvalidDataException($"An interval has more than {RecordingLimits.MaxIntervalBytes >> 20} MiB.");
            }
            parts.Write(chunk.IntervalPart.Span);
            if (chunk.IntervalComplete)
            {
                await feed.AddAsync(parts.WrittenMemory, ending).ConfigureAwait(false);
                parts.ResetWrittenCount();
                await feedback.WriteAsync(new RecordingFeedback { Next = (uint)feed.Next }, ending).ConfigureAwait(false);
            }
            if (blocks.WrittenCount + (long)chunk.BlocksPart.Length > KeptBlocksCodec.MaxBytes)
            {
                throw new InvalidDataException($"The live blocks have more than {KeptBlocksCodec.MaxBytes >> 20} MiB.");
            }
            blocks.Write(chunk.BlocksPart.Span);
            if (chunk.BlocksComplete)
            {
                await feed.AddBlocksAsync(blocks.WrittenSpan.ToArray()).ConfigureAwait(false);
                blocks.ResetWrittenCount();
            }
            if (chunk.Ended is { } ended)
            {
                await feed.EndAsync(ended.Error.Length == 0 ? "" : FailureMapping.ToMessage(ended.Error)).ConfigureAwait(false);
                return;
            }
        }
        while (await chunks.MoveNext(ending).ConfigureAwait(false));
    }
}
