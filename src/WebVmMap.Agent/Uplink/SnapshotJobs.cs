using Google.Protobuf;
using Grpc.Core;
using Microsoft.Extensions.Logging;
using WebVmMap.Core.Snapshots;
using WebVmMap.Probes;
using WebVmMap.Protocol;
using WebVmMap.Protocol.V1;

namespace WebVmMap.Agent.Uplink;

/// <summary>The snapshots that the hub asks for on one connection. Thread-safe.</summary>
internal sealed partial class SnapshotJobs(AgentContext context, HubConnection connection, ControlOutbox outbox)
{
    private readonly JobSet _jobs = new(context.Options.Limits.Snapshots);

    /// <summary>Begins one, or says why not.</summary>
    public async ValueTask StartAsync(TakeSnapshot request, CancellationToken cancellation)
    {
        if (!_jobs.TryStart(() => RunAsync(request, cancellation)))
        {
            var message = $"The agent takes {_jobs.Most} snapshots already, the most it permits itself at once: try again when they are done.";
            await outbox.SendFailureAsync(request.RequestId, FailureCode.Busy, message, cancellation);
        }
    }

    /// <summary>Returns when those under way have ended.</summary>
    public Task WhenEnded() => _jobs.WhenEnded();

    // The edge of a job: whatever goes wrong in one snapshot is logged, told to the hub, and harms nothing else.
    private async Task RunAsync(TakeSnapshot request, CancellationToken cancellation)
    {
        var pid = request.Process.Pid;
        try
        {
            if (Take(request.Process, out var data, cancellation) is { } failure)
            {
                await outbox.SendFailureAsync(request.RequestId, failure.Outcome.ToWire(), failure.Message, cancellation);
                return;
            }
            await UploadAsync(request.RequestId, data, cancellation);
        }
        catch (OperationCanceledException)
        {
            // The connection ends; it is known where that happened.
        }
        catch (RpcException exception)
        {
            Log.UploadBroke(context.Logger, pid, connection.Explain(exception));
        }
        catch (Exception exception)
        {
            Log.SnapshotFailed(context.Logger, pid, exception);
            outbox.SendIfRoom(new AgentMessage
            {
                RequestFailed = new RequestFailed
                {
                    RequestId = request.RequestId,
                    Code = FailureCode.Failed,
                    Message = $"The agent failed to take a snapshot of process {pid}: {exception.Message} Its log says more.",
                },
            });
        }
    }

    private ProbeFailure? Take(ProcessRef process, out byte[] data, CancellationToken cancellation)
    {
        data = [];
        var opened = context.Probe.Open(process.Pid, process.WantedStamp());
        if (!opened.TryGet(out var probe))
        {
            return opened.Failure;
        }
        using (probe)
        {
            var taken = probe.TakeSnapshot(cancellation);
            if (!taken.TryGet(out var snapshot))
            {
                return taken.Failure;
            }
            data = SnapshotCodec.Encode(snapshot);
            return null;
        }
    }

    private async Task UploadAsync(string requestId, byte[] data, CancellationToken cancellation)
    {
        using var call = connection.Client.UploadSnapshot(connection.Call(cancellation));
        try
        {
            await WriteAsync(call.RequestStream, requestId, data, cancellation);
        }
        catch (Exception exception) when (!cancellation.IsCancellationRequested && exception is RpcException or InvalidOperationException or OperationCanceledException)
        {
            // The hub ended the call early. Only the response gives the status that says why.
        }
        await call.ResponseAsync;
    }

    private static async Task WriteAsync(IClientStreamWriter<SnapshotChunk> stream, string requestId, byte[] data, CancellationToken cancellation)
    {
        for (var at = 0; at < data.Length; at += AgentProtocol.ChunkBytes)
        {
            var part = data.AsMemory(at, Math.Min(AgentProtocol.ChunkBytes, data.Length - at));
            var chunk = new SnapshotChunk { Data = UnsafeByteOperations.UnsafeWrap(part), Last = at + part.Length == data.Length };
            if (at == 0)
            {
                chunk.RequestId = requestId;
            }
            await stream.WriteAsync(chunk, cancellation);
        }
        await stream.CompleteAsync();
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 40, EventName = "UploadBroke", Level = LogLevel.Warning, Message = "The upload of a snapshot of process {Pid} broke: {Reason}.")]
        public static partial void UploadBroke(ILogger logger, int pid, string reason);

        [LoggerMessage(EventId = 41, EventName = "SnapshotFailed", Level = LogLevel.Error, Message = "Taking a snapshot of process {Pid} failed unexpectedly.")]
        public static partial void SnapshotFailed(ILogger logger, int pid, Exception exception);
    }
}
