using WebVmMap.Hub.Hosts;
using WebVmMap.Protocol.V1;

namespace WebVmMap.Hub.Ingest;

/// <summary>Failures, from the wire.</summary>
internal static class FailureMapping
{
    private const int MaximumMessage = 1000;

    public static AgentFailure ToAgentFailure(this FailureCode code) => code switch
    {
        FailureCode.NotFound => AgentFailure.NotFound,
        FailureCode.NoAddressSpace => AgentFailure.NoAddressSpace,
        FailureCode.Gone => AgentFailure.Gone,
        FailureCode.Replaced => AgentFailure.Replaced,
        FailureCode.Denied => AgentFailure.Denied,
        FailureCode.Busy => AgentFailure.Busy,
        _ => AgentFailure.Failed,
    };

    /// <summary>The agent's sentence, cut where it is too long; another one where it gave none.</summary>
    public static string ToMessage(string message) => message.Length switch
    {
        0 => "The agent gave no reason.",
        > MaximumMessage => string.Concat(message.AsSpan(0, MaximumMessage), "…"),
        _ => message,
    };
}
