using Grpc.Core;
using WebVmMap.Hub.Hosts;
using WebVmMap.Hub.Live;
using WebVmMap.Hub.Recordings;
using WebVmMap.Hub.Security;
using WebVmMap.Hub.Store;
using WebVmMap.Protocol.V1;

namespace WebVmMap.Hub.Ingest;

/// <summary>The control stream from hello to the end. Thread-safe: it keeps nothing of a connection.</summary>
internal sealed partial class ControlStream(
    AgentConnections connections,
    AgentAdmission admission,
    HostDirectory hosts,
    ISampleFeeds feeds,
    IRecordingFeeds recordings,
    TimeProvider time,
    ILogger<ControlStream> logger)
{
    private static readonly string s_hubVersion = typeof(ControlStream).Assembly.GetName().Version?.ToString(3) ?? "";

    /// <exception cref="RpcException">The connection ends with a status that says why.</exception>
    public async Task<bool> RunAsync(
        IAsyncStreamReader<AgentMessage> requests, IServerStreamWriter<HubMessage> responses, AgentIdentity identity, CancellationToken ending)
    {
        var introduction = await HelloAsync(requests, ending).ConfigureAwait(false);
        AgentConnection connection;
        try
        {
            await admission.CheckAsync(identity, introduction.MachineId, ending).ConfigureAwait(false);
            connection = await connections.AddAsync(introduction, identity, ending).ConfigureAwait(false);
        }
        catch (StoreException ex)
        {
            throw NotAdmitted(introduction, ex);
        }
        using (connection)
        {
            try
            {
                await admission.BindAsync(identity, connection.HostId, ending).ConfigureAwait(false);
                Log.Connected(logger, connection.HostId, identity.Peer, introduction.AgentVersion);
                using var both = CancellationTokenSource.CreateLinkedTokenSource(ending, connection.Closed);
                await responses.WriteAsync(
                    new HubMessage { Welcome = new Welcome { HostId = connection.HostId, HeartbeatSeconds = (uint)IngestLimits.Heartbeat.TotalSeconds, HubVersion = s_hubVersion } },
                    both.Token).ConfigureAwait(false);
                connections.Announce(connection);
                await ServeAsync(requests, responses, connection, identity, both.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (connection.Closed.IsCancellationRequested && !ending.IsCancellationRequested)
            {
                // It was closed on purpose; its status says why.
            }
            catch (StoreException ex)
            {
                throw NotAdmitted(introduction, ex);
            }
            finally
            {
                connection.Close(Status.DefaultSuccess);
                await connections.RemoveAsync(connection).ConfigureAwait(false);
                Log.Disconnected(logger, connection.HostId, connection.Status.Detail);
            }
        }
        return connection.Status.StatusCode == StatusCode.OK ? true : throw new RpcException(connection.Status);
    }

    private RpcException NotAdmitted(HostIntroduction introduction, StoreException reason)
    {
        Log.NotAdmitted(logger, introduction.Name, reason.Message);
        return new RpcException(new Status(StatusCode.Unavailable, reason.Message));
    }

    private async Task<HostIntroduction> HelloAsync(IAsyncStreamReader<AgentMessage> requests, CancellationToken ending)
    {
        using var patience = new CancellationTokenSource(IngestLimits.Hello, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(ending, patience.Token);
        try
        {
            var introduction = (await requests.MoveNext(both.Token).ConfigureAwait(false) ? requests.Current : null).ToIntroduction();
            return introduction;
        }
        catch (Exception) when (patience.IsCancellationRequested && !ending.IsCancellationRequested)
        {
            throw new RpcException(new Status(StatusCode.DeadlineExceeded, $"The agent said no hello within {IngestLimits.Hello.TotalSeconds:0} seconds."));
        }
    }

    private async Task ServeAsync(
        IAsyncStreamReader<AgentMessage> requests, IServerStreamWriter<HubMessage> responses, AgentConnection connection, AgentIdentity identity, CancellationToken ending)
    {
        using var silence = time.CreateTimer(
            _ => connection.Close(new Status(StatusCode.DeadlineExceeded, $"The agent was silent for {IngestLimits.Silence.TotalSeconds:0} seconds.")),
            null, IngestLimits.Silence, Timeout.InfiniteTimeSpan);
        var sending = SendAsync(responses, connection, ending);
        try
        {
            while (await requests.MoveNext(ending).ConfigureAwait(false))
            {
                silence.Change(IngestLimits.Silence, Timeout.InfiniteTimeSpan);
                await ReceiveAsync(requests.Current, connection, identity, ending).ConfigureAwait(false);
            }
        }
        catch (InvalidDataException ex)
        {
            connection.Close(new Status(StatusCode.InvalidArgument, ex.Message));
        }
        finally
        {
            connection.Close(Status.DefaultSuccess);
            await sending.ConfigureAwait(false);
        }
    }

    private async Task ReceiveAsync(AgentMessage message, AgentConnection connection, AgentIdentity identity, CancellationToken ending)
    {
        switch (message.BodyCase)
        {
            case AgentMessage.BodyOneofCase.Heartbeat:
                var heartbeat = message.Heartbeat;
                hosts.Heard(connection.HostId, Math.Max(0, heartbeat.ResidentBytes), double.IsFinite(heartbeat.CpuShare) ? Math.Max(0, heartbeat.CpuShare) : 0);
                if (!await admission.IsStillWelcomeAsync(identity, ending).ConfigureAwait(false))
                {
                    connection.Close(new Status(StatusCode.PermissionDenied, $"The key {identity.KeyName} was revoked: make another with: webvmmap-hub agent-key create NAME"));
                }
                break;
            case AgentMessage.BodyOneofCase.ProcessList:
                connection.Receive(message.ProcessList);
                break;
            case AgentMessage.BodyOneofCase.WorkingSetEmptied:
                connection.Receive(message.WorkingSetEmptied);
                break;
            case AgentMessage.BodyOneofCase.RecordingStarted:
                connection.Receive(message.RecordingStarted);
                break;
            case AgentMessage.BodyOneofCase.RecordingChild:
                await NameAsync(message.RecordingChild, connection, ending).ConfigureAwait(false);
                break;
            case AgentMessage.BodyOneofCase.BlocksFound:
                connection.Receive(message.BlocksFound);
                break;
            case AgentMessage.BodyOneofCase.SourceRead:
                connection.Receive(message.SourceRead);
                break;
            case AgentMessage.BodyOneofCase.RequestFailed:
                if (!connection.Receive(message.RequestFailed))
                {
                    feeds.Failed(message.RequestFailed.RequestId, message.RequestFailed.Code.ToAgentFailure(), FailureMapping.ToMessage(message.RequestFailed.Message));
                }
                break;
            case AgentMessage.BodyOneofCase.Hello:
                throw new InvalidDataException("Hello may come only once.");
            default:
                // A newer agent may say what this hub does not know yet.
                break;
        }
    }

    private async Task NameAsync(RecordingChild told, AgentConnection connection, CancellationToken ending)
    {
        var answer = new ChildNamed { ParentId = told.ParentId, Pid = told.Pid, StartStamp = told.StartStamp };
        try
        {
            answer.RecordingId = await recordings.AddChildAsync(RecordingMapping.ToCore(told), connection.HostId, ending).ConfigureAwait(false);
        }
        catch (ArgumentException ex)
        {
            answer.Refusal = ex.Message;
        }
        catch (StoreException ex)
        {
            // Without an answer the agent tells it again.
            Log.ChildNotNamed(logger, connection.HostId, ex.Message);
            return;
        }
        connection.Answer(answer);
    }

    // Ends without an exception: whatever stops the sending also closes the connection, which tells why.
    private static async Task SendAsync(IServerStreamWriter<HubMessage> responses, AgentConnection connection, CancellationToken ending)
    {
        try
        {
            await foreach (var message in connection.Outgoing.ReadAllAsync(ending).ConfigureAwait(false))
            {
                await responses.WriteAsync(message, ending).ConfigureAwait(false);
            }
        }
        catch (Exception ex) when (ex is OperationCanceledException or IOException or InvalidOperationException)
        {
            connection.Close(Status.DefaultSuccess);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 32, EventName = "AgentConnected", Level = LogLevel.Information, Message = "Agent of {Host} connected from {Peer}, version {Version}.")]
        public static partial void Connected(ILogger logger, string host, string peer, string version);

        [LoggerMessage(EventId = 33, EventName = "AgentDisconnected", Level = LogLevel.Information, Message = "Agent of {Host} disconnected. {Reason}")]
        public static partial void Disconnected(ILogger logger, string host, string reason);

        [LoggerMessage(EventId = 36, EventName = "ChildNotNamed", Level = LogLevel.Error, Message = "A child of a recording of {Host} could not be entered. {Reason}")]
        public static partial void ChildNotNamed(ILogger logger, string host, string reason);

        [LoggerMessage(EventId = 34, EventName = "AgentNotAdmitted", Level = LogLevel.Error, Message = "Agent of {Host} could not be admitted. {Reason}")]
        public static partial void NotAdmitted(ILogger logger, string host, string reason);
    }
}
