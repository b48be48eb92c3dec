using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using Grpc.Core;
using Microsoft.Extensions.Logging;
using WebVmMap.Protocol;
using WebVmMap.Protocol.V1;

namespace WebVmMap.Agent.Uplink;

/// <summary>Keeps this agent connected to its hub: dials, says hello, serves, and dials again after a pause. One run per instance.</summary>
internal sealed partial class HubUplink(AgentContext context, ReconnectBackoff backoff)
{
    // A hub that accepts a connection and then says nothing is given up after this long.
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(15);

    private string? _toldReason;

    /// <summary>Runs until stopped, then returns.</summary>
    /// <exception cref="HubRefusedException">The hub refuses this agent for good.</exception>
    public async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            var reason = await ConnectAsync(stop);
            if (stop.IsCancellationRequested)
            {
                break;
            }
            // One line for each change, not for each attempt.
            if (reason != _toldReason)
            {
                _toldReason = reason;
                Log.Disconnected(context.Logger, context.Options.Hub, reason);
            }
            await Task.Delay(backoff.Next(), context.Time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    // Returns why there is no connection (any more), in words.
    private async Task<string> ConnectAsync(CancellationToken stop)
    {
        using var connection = new HubConnection(context.Options.Hub, context.Options.Key);
        using var patience = new CancellationTokenSource(s_patience, context.Time);
        try
        {
            using var call = connection.Client.Connect(connection.Call(CancellationToken.None));
            using (var opening = CancellationTokenSource.CreateLinkedTokenSource(stop, patience.Token))
            {
                if (!await IsAnsweredAsync(call, opening.Token))
                {
                    return "it closed the connection at once";
                }
            }
            if (call.ResponseStream.Current.BodyCase != HubMessage.BodyOneofCase.Welcome)
            {
                return "its first message was not Welcome; it may be of another version than this agent";
            }
            var welcome = call.ResponseStream.Current.Welcome;
            backoff.Reset();
            _toldReason = null;
            Log.Connected(context.Logger, context.Options.Hub, welcome.HubVersion, welcome.HostId);
            await new HubSession(context, connection, call, welcome).RunAsync(stop);
            return "it closed the connection";
        }
        catch (RpcException exception) when (exception.StatusCode is StatusCode.Unauthenticated or StatusCode.PermissionDenied)
        {
            throw new HubRefusedException(Refusal(connection.Explain(exception)));
        }
        catch (Exception exception) when (exception is RpcException or InvalidOperationException or IOException)
        {
            // A call that ends while it is written to can also fail as one that is complete or a broken stream.
            return connection.Explain(exception);
        }
        catch (OperationCanceledException)
        {
            return patience.IsCancellationRequested ? $"it did not answer for {s_patience.TotalSeconds:0} s" : "the connection was cancelled";
        }
    }

    // Says hello and waits for what the hub says. A call that it ends at once cannot be written to, and how that fails does
    // not say why. Reading does, or fails in its turn only when the status of the call has been noted.
    private async Task<bool> IsAnsweredAsync(AsyncDuplexStreamingCall<AgentMessage, HubMessage> call, CancellationToken opening)
    {
        try
        {
            await call.RequestStream.WriteAsync(new AgentMessage { Hello = Hello() }, opening);
        }
        catch (Exception exception) when (!opening.IsCancellationRequested && IsOfEndedCall(exception))
        {
        }
        try
        {
            return await call.ResponseStream.MoveNext(opening);
        }
        catch (Exception exception) when (!opening.IsCancellationRequested && IsOfEndedCall(exception))
        {
            throw new RpcException(call.GetStatus());
        }
    }

    private static bool IsOfEndedCall(Exception exception) => exception is RpcException or InvalidOperationException or OperationCanceledException or IOException;

    private string Refusal(string reason) => context.Options.Key is null
        ? $"The hub at {context.Options.Hub} wants a key ({reason}). Make one on the hub with 'webvmmap-hub agent-key create NAME' and pass it in WEBVMMAP_AGENT_KEY or with --token-file."
        : $"The hub at {context.Options.Hub} refuses this agent's key ({reason}). If it was revoked or mistyped, make a new one on the hub with 'webvmmap-hub agent-key create NAME'.";

    private Hello Hello()
    {
        var host = context.Probe.Host;
        var hello = new Hello
        {
            ProtocolVersion = AgentProtocol.Version,
            AgentVersion = Version,
            MachineId = Identity(host.MachineId, context.Options.Name),
            HostName = context.Options.Name ?? host.Name,
            Platform = host.Platform.ToWire(),
            OsDescription = host.OsDescription,
            Architecture = host.Architecture,
            PermitsRecording = context.Options.Permissions.Recording,
            PermitsSource = context.Options.Permissions.Source,
            PermitsContents = context.Options.Permissions.Contents,
            PermitsEmptyWorkingSet = context.Options.Permissions.EmptyWorkingSet,
        };
        hello.Limitations.AddRange(host.Limitations);
        return hello;
    }

    // Agents given different names on one machine are different hosts to the hub; one renamed by its machine stays the same.
    private static string Identity(string machineId, string? name) => name is null
        ? machineId
        : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{machineId}\n{name}")))[..32];

    private static string Version => typeof(HubUplink).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "";

    private static partial class Log
    {
        [LoggerMessage(EventId = 10, EventName = "Connected", Level = LogLevel.Information, Message = "Connected to the hub at {Hub} (version {HubVersion}) as host {HostId}.")]
        public static partial void Connected(ILogger logger, HubAddress hub, string hubVersion, string hostId);

        [LoggerMessage(EventId = 11, EventName = "Disconnected", Level = LogLevel.Warning, Message = "Not connected to the hub at {Hub}: {Reason}. Trying again every 1 to 15 s.")]
        public static partial void Disconnected(ILogger logger, HubAddress hub, string reason);
    }
}
