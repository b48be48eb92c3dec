using Grpc.Core;
using WebVmMap.Hub.Hosts;

namespace WebVmMap.Hub.Security;

/// <summary>
/// Which agent may speak for which host: a key is bound to the host that uses it first, and a host that a key is bound to is
/// refused to everyone without it, so that no agent poses as another. Thread-safe.
/// </summary>
internal sealed class AgentAdmission(KeyStore keys, HostDirectory hosts)
{
    /// <exception cref="RpcException">It may not; the status says why and what to do.</exception>
    public async Task CheckAsync(AgentIdentity identity, string machineId, CancellationToken cancellation)
    {
        var hostId = hosts.IdOfMachine(machineId);
        if (identity.BoundHostId is { } bound && bound != hostId)
        {
            throw Denied($"The key {identity.KeyName} belongs to host {bound}: make one for this host with: webvmmap-hub agent-key create NAME");
        }
        if (hostId is null || identity.BoundHostId is not null)
        {
            return;
        }
        if (await keys.KeyOfHostAsync(hostId, cancellation).ConfigureAwait(false) is not null)
        {
            throw Denied(identity.KeyHash is null
                ? $"Host {hostId} has a key: give it to the agent with --token, or revoke it with: webvmmap-hub agent-key revoke NAME"
                : $"Host {hostId} has another key: revoke that one, or make one more for it with: webvmmap-hub agent-key create NAME --host {hostId}");
        }
    }

    /// <summary>The agent has been let in as a host: its key speaks for no other from now on.</summary>
    public Task BindAsync(AgentIdentity identity, string hostId, CancellationToken cancellation) =>
        identity is { KeyHash: { } hash, BoundHostId: null } ? keys.BindAsync(hash, hostId, cancellation) : Task.CompletedTask;

    /// <summary>False once the key of a connected agent was revoked.</summary>
    public async Task<bool> IsStillWelcomeAsync(AgentIdentity identity, CancellationToken cancellation) =>
        identity.KeyHash is not { } hash || await keys.IsValidAsync(hash, cancellation).ConfigureAwait(false);

    private static RpcException Denied(string message) => new(new Status(StatusCode.PermissionDenied, message));
}
