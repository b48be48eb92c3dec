using System.Text;
using Grpc.Core;
using WebVmMap.Core.Processes;
using WebVmMap.Hub.Hosts;
using WebVmMap.Protocol;
using WebVmMap.Protocol.V1;

namespace WebVmMap.Hub.Ingest;

/// <summary>Checks what an agent tells of itself.</summary>
internal static class HelloMapping
{
    private const int MaximumLimitations = 50;

    /// <summary>The introduction, every field within its bounds.</summary>
    /// <exception cref="RpcException">It is not acceptable; the status says why in one sentence.</exception>
    public static HostIntroduction ToIntroduction(this AgentMessage? first)
    {
        if (first?.Hello is not { } hello)
        {
            throw Refuse(StatusCode.InvalidArgument, "The first message of an agent has to be Hello.");
        }
        if (hello.ProtocolVersion != AgentProtocol.Version)
        {
            throw Refuse(StatusCode.FailedPrecondition,
                $"The agent speaks version {hello.ProtocolVersion} of the protocol and this hub version {AgentProtocol.Version}: update the older of the two.");
        }
        var platform = hello.Platform.ToCore();
        if (platform == HostPlatform.Unspecified)
        {
            throw Refuse(StatusCode.InvalidArgument, "Hello names no platform that this hub knows.");
        }
        if (hello.Limitations.Count > MaximumLimitations)
        {
            throw Refuse(StatusCode.InvalidArgument, $"Hello lists more than {MaximumLimitations} limitations.");
        }
        return new HostIntroduction
        {
            MachineId = Text(hello.MachineId, "machine id", 1, 128),
            Name = Text(hello.HostName, "host name", 1, 100),
            Platform = platform,
            OsDescription = Text(hello.OsDescription, "system description", 0, 200),
            Architecture = Text(hello.Architecture, "architecture", 0, 32),
            AgentVersion = Text(hello.AgentVersion, "agent version", 0, 64),
            PermitsRecording = hello.PermitsRecording,
            PermitsContents = hello.PermitsContents,
            PermitsEmptyWorkingSet = hello.PermitsEmptyWorkingSet,
            PermitsSource = hello.PermitsSource,
            Limitations = [.. hello.Limitations.Select(text => Text(text, "limitation", 1, 2000))],
        };
    }

    private static string Text(string text, string field, int minimum, int maximum)
    {
        if (text.Length < minimum || text.Length > maximum)
        {
            throw Refuse(StatusCode.InvalidArgument, $"The {field} in Hello has {text.Length} characters: {minimum} to {maximum} are allowed.");
        }
        if (text.EnumerateRunes().Any(Rune.IsControl))
        {
            throw Refuse(StatusCode.InvalidArgument, $"The {field} in Hello holds control characters.");
        }
        return text;
    }

    private static RpcException Refuse(StatusCode code, string message) => new(new Status(code, message));
}
