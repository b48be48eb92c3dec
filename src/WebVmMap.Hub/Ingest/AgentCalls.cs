using Grpc.Core;

namespace WebVmMap.Hub.Ingest;

/// <summary>Runs the calls of agents so that they end quietly: with the agent's own cancelling, and with the hub's end.</summary>
internal sealed partial class AgentCalls(IHostApplicationLifetime lifetime, ILogger<AgentCalls> logger)
{
    /// <exception cref="RpcException">The call ends with a status that says why.</exception>
    public async Task<T> RunAsync<T>(ServerCallContext context, Func<CancellationToken, Task<T>> call)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, lifetime.ApplicationStopping);
        try
        {
            return await call(ending.Token).ConfigureAwait(false);
        }
        catch (RpcException)
        {
            throw;
        }
        catch (Exception) when (lifetime.ApplicationStopping.IsCancellationRequested)
        {
            throw new RpcException(new Status(StatusCode.Unavailable, "The hub is shutting down."));
        }
        catch (Exception ex) when (ex is IOException || (ex is OperationCanceledException or InvalidOperationException && context.CancellationToken.IsCancellationRequested))
        {
            // The agent hung up, and nobody reads this status. Kestrel fails a read with an IOException first and cancels the call's
            // token after that, on another thread, so the token says nothing yet. What fails on this machine's disk is a StoreException.
            throw new RpcException(new Status(StatusCode.Cancelled, "The agent hung up."));
        }
        catch (InvalidDataException ex)
        {
            Log.BadData(logger, context.Method, context.Peer, ex.Message);
            throw new RpcException(new Status(StatusCode.InvalidArgument, ex.Message));
        }
        catch (Exception ex)
        {
            Log.Failed(logger, ex, context.Method);
            throw new RpcException(new Status(StatusCode.Internal, "The hub failed; its log says why."));
        }
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 30, EventName = "AgentBadData", Level = LogLevel.Warning, Message = "{Method} from {Peer} was refused: {Reason}")]
        public static partial void BadData(ILogger logger, string method, string peer, string reason);

        [LoggerMessage(EventId = 31, EventName = "AgentCallFailed", Level = LogLevel.Error, Message = "{Method} failed.")]
        public static partial void Failed(ILogger logger, Exception exception, string method);
    }
}
