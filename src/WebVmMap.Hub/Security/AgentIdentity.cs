using System.Net;
using System.Security.Claims;
using Grpc.Core;

namespace WebVmMap.Hub.Security;

/// <summary>Who makes a call as an agent.</summary>
/// <param name="KeyHash">Hash of its key; null for an agent of this machine that has none.</param>
/// <param name="KeyName">Name of its key; empty when it has none.</param>
/// <param name="BoundHostId">The one host that the key speaks for; null before its first use and without a key.</param>
/// <param name="Peer">Address that it connects from.</param>
/// <param name="Local">Whether that is the hub's own machine.</param>
internal sealed record AgentIdentity(string? KeyHash, string KeyName, string? BoundHostId, string Peer, bool Local)
{
    /// <summary>The caller of a call that the policy has let through.</summary>
    public static AgentIdentity Of(ServerCallContext context)
    {
        var http = context.GetHttpContext();
        return new AgentIdentity(
            http.User.FindFirstValue(HubClaims.KeyHash),
            http.User.Identity?.Name ?? "",
            http.User.FindFirstValue(HubClaims.BoundHost),
            http.Connection.RemoteIpAddress?.ToString() ?? "an unknown address",
            http.Connection.RemoteIpAddress is { } address && IPAddress.IsLoopback(address));
    }

    /// <summary>Whether it may hand in what was asked of a host.</summary>
    public bool SpeaksFor(string hostId) => KeyHash is null || BoundHostId is null || BoundHostId == hostId;
}
