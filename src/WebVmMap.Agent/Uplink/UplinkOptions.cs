using WebVmMap.Agent.Policy;

namespace WebVmMap.Agent.Uplink;

/// <summary>With whom an agent talks, and as whom.</summary>
internal sealed record UplinkOptions
{
    /// <summary>The hub.</summary>
    public required HubAddress Hub { get; init; }

    /// <summary>Name to appear under; null for the machine's own.</summary>
    public string? Name { get; init; }

    /// <summary>The agent's key; null for none.</summary>
    public string? Key { get; init; }

    /// <summary>What the hub may have done here.</summary>
    public AgentPermissions Permissions { get; init; }

    /// <summary>How much the agent does at most.</summary>
    public AgentLimits Limits { get; init; } = new();
}
