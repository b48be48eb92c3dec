namespace WebVmMap.Hub.Security;

/// <summary>Marks endpoints that are served on the agents' port, and on no other.</summary>
internal sealed class AgentOnly
{
    public static AgentOnly Instance { get; } = new();
}
