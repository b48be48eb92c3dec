using System.Buffers;
using Grpc.Core;
using WebVmMap.Core.Snapshots;
using WebVmMap.Hub.Hosts;
using WebVmMap.Hub.Security;
using WebVmMap.Protocol.V1;

namespace WebVmMap.Hub.Ingest;

/// <summary>Puts the chunks of a snapshot together and hands it to whoever asked for it. Thread-safe.</summary>
internal sealed class SnapshotUpload(AgentConnections connections, int maximumBytes = IngestLimits.SnapshotBytes)
{
    /// <exception cref="RpcException">The upload is refused.</exception>
    /// <exception cref="InvalidDataException">The data are malformed.</exception>
    public async Task<UploadReceipt> ReceiveAsync(IAsyncStreamReader<SnapshotChunk> chunks, AgentIdentity identity, CancellationToken ending)
    {
        if (!await chunks.MoveNext(ending).ConfigureAwait(false))
        {
            throw new InvalidDataException("The upload has no chunk.");
        }
        if (!connections.TryGetSnapshot(chunks.Current.RequestId, out var pending) || !identity.SpeaksFor(pending.HostId) || !pending.TryClaim())
        {
            throw new RpcException(new Status(StatusCode.NotFound, "Nobody waits for this snapshot: it came too late, or its request id is wrong."));
        }
        try
        {
            pending.Complete(await AssembleAsync(chunks, ending).ConfigureAwait(false));
            return new UploadReceipt();
        }
        catch (InvalidDataException ex)
        {
            pending.Fail(AgentFailure.Failed, $"The agent's snapshot was refused: {ex.Message}");
            throw;
        }
        catch (Exception ex) when (ex is OperationCanceledException or IOException)
        {
            pending.Fail(AgentFailure.Disconnected, "The agent's upload was cut short: try again.");
            throw;
        }
    }

    private async Task<Snapshot> AssembleAsync(IAsyncStreamReader<SnapshotChunk> chunks, CancellationToken ending)
    {
        var data = new ArrayBufferWriter<byte>();
        do
        {
            var chunk = chunks.Current;
            if (data.WrittenCount + (long)chunk.Data.Length > maximumBytes)
            {
                throw new InvalidDataException($"The snapshot has more than {maximumBytes} bytes.");
            }
            data.Write(chunk.Data.Span);
            if (chunk.Last)
            {
                return SnapshotCodec.Decode(data.WrittenSpan);
            }
        }
        while (await chunks.MoveNext(ending).ConfigureAwait(false));
        throw new InvalidDataException("The upload ended before its last chunk.");
    }
}
