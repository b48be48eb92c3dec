using WebVmMap.Probes;
using WebVmMap.Protocol.V1;

namespace WebVmMap.Agent.Uplink;

/// <summary>Why a process could not be looked at, on the wire.</summary>
internal static class FailureCodes
{
    /// <summary>To the wire.</summary>
    public static FailureCode ToWire(this ProbeOutcome outcome) => outcome switch
    {
        ProbeOutcome.NotFound => FailureCode.NotFound,
        ProbeOutcome.NoAddressSpace => FailureCode.NoAddressSpace,
        ProbeOutcome.Gone => FailureCode.Gone,
        ProbeOutcome.Replaced => FailureCode.Replaced,
        ProbeOutcome.Denied => FailureCode.Denied,
        _ => FailureCode.Failed,
    };
}
