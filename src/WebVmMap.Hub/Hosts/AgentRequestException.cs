namespace WebVmMap.Hub.Hosts;

/// <summary>An agent did not do what it was asked; the message is one sentence for a person.</summary>
public sealed class AgentRequestException(AgentFailure failure, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>What kind of failure it was.</summary>
    public AgentFailure Failure { get; } = failure;
}
