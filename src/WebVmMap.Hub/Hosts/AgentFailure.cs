namespace WebVmMap.Hub.Hosts;

/// <summary>Why an agent did not do what it was asked.</summary>
public enum AgentFailure
{
    /// <summary>Something else; the message says what.</summary>
    Failed,

    /// <summary>No process has this id.</summary>
    NotFound,

    /// <summary>What has this id has no address space of its own: the kernel, or a thread.</summary>
    NoAddressSpace,

    /// <summary>The process has ended.</summary>
    Gone,

    /// <summary>The process has ended and its id belongs to another one now.</summary>
    Replaced,

    /// <summary>The system refuses the agent.</summary>
    Denied,

    /// <summary>The agent, or this hub for its sake, does as much as it permits itself.</summary>
    Busy,

    /// <summary>It did not answer in time.</summary>
    TimedOut,

    /// <summary>It went away before it answered.</summary>
    Disconnected,
}
