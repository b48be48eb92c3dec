using System.Buffers;
using Grpc.Core;
using WebVmMap.Core.Snapshots;
using WebVmMap.Hub.Live;
using WebVmMap.Hub.Security;
using WebVmMap.Protocol;
using WebVmMap.Protocol.V1;

namespace WebVmMap.Hub.Ingest;

/// <summary>Puts the parts of frames together and hands the samples of a watch to its feed. Thread-safe: it keeps nothing of a stream.</summary>
internal sealed partial class SampleStream(ISampleFeeds feeds, ILogger<SampleStream> logger)
{
    /// <exception cref="RpcException">The stream is refused.</exception>
    /// <exception cref="InvalidDataException">The data are malformed again and again.</exception>
    public async Task<bool> ReceiveAsync(
        IAsyncStreamReader<SampleChunk> chunks, IServerStreamWriter<SampleFeedback> feedback, AgentIdentity identity, CancellationToken ending)
    {
        if (!await chunks.MoveNext(ending).ConfigureAwait(false))
        {
            throw new InvalidDataException("The stream has no message.");
        }
        var watchId = chunks.Current.WatchId;
        using var feed = await feeds.OpenAsync(watchId, ending).ConfigureAwait(false);
        if (feed is null || !identity.SpeaksFor(feed.HostId))
        {
            throw new RpcException(new Status(StatusCode.NotFound, "Nobody watches under this id (any more)."));
        }
        var parts = new ArrayBufferWriter<byte>();
        var malformed = 0;
        do
        {
            var chunk = chunks.Current;
            switch (chunk.BodyCase)
            {
                case SampleChunk.BodyOneofCase.FramePart:
                    if (parts.WrittenCount + (long)chunk.FramePart.Length > IngestLimits.FrameBytes)
                    {
                        throw new InvalidDataException($"A frame has more than {IngestLimits.FrameBytes >> 20} MiB.");
                    }
                    if (!chunk.FrameComplete)
                    {
                        parts.Write(chunk.FramePart.Span);
                        break;
                    }
                    var outcome = Apply(feed, parts, chunk.FramePart.Span, watchId, ref malformed);
                    if (outcome == FrameOutcome.NeedsKeyFrame)
                    {
                        await feedback.WriteAsync(new SampleFeedback { WantKeyFrame = true }, ending).ConfigureAwait(false);
                    }
                    break;
                case SampleChunk.BodyOneofCase.Counters:
                    feed.Counters(chunk.Counters.Time(), chunk.Counters.ToCore());
                    break;
                case SampleChunk.BodyOneofCase.State:
                    var state = chunk.State;
                    feed.Cost((int)Math.Min(state.EffectiveIntervalMs, int.MaxValue), double.IsFinite(state.CpuShare) ? Math.Max(0, state.CpuShare) : 0);
                    break;
                case SampleChunk.BodyOneofCase.Ended:
                    feed.Ended(chunk.Ended.Code.ToAgentFailure(), FailureMapping.ToMessage(chunk.Ended.Message));
                    return true;
                default:
                    break;
            }
        }
        while (await chunks.MoveNext(ending).ConfigureAwait(false));
        return true;
    }

    // A whole frame in one part, which is the rule for deltas, is applied without copying it.
    private FrameOutcome Apply(ISampleFeed feed, ArrayBufferWriter<byte> parts, ReadOnlySpan<byte> last, string watchId, ref int malformed)
    {
        try
        {
            if (parts.WrittenCount > 0)
            {
                parts.Write(last);
                last = parts.WrittenSpan;
            }
            var outcome = feed.Frame(last);
            malformed = 0;
            return outcome;
        }
        catch (InvalidDataException ex) when (++malformed < IngestLimits.MalformedFrames)
        {
            Log.MalformedFrame(logger, watchId, ex.Message);
            return FrameOutcome.NeedsKeyFrame;
        }
        finally
        {
            parts.ResetWrittenCount();
        }
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 35, EventName = "MalformedFrame", Level = LogLevel.Warning, Message = "A frame of watch {Watch} was refused, and a key frame asked for: {Reason}")]
        public static partial void MalformedFrame(ILogger logger, string watch, string reason);
    }
}
