namespace WebVmMap.Probes;

/// <summary>How a look at a process ended. A process may vanish between any two calls: these are results, not exceptions.</summary>
public enum ProbeOutcome
{
    /// <summary>Everything that was asked for is there; notes on the result say what is missing in detail.</summary>
    Complete,

    /// <summary>No process has the id that was asked for, and which one was meant is not known: it may never have been.</summary>
    NotFound,

    /// <summary>What has this id is no process with an address space of its own: the system's kernel, or a thread.</summary>
    NoAddressSpace,

    /// <summary>The process has ended.</summary>
    Gone,

    /// <summary>The process has ended and its id belongs to another one now.</summary>
    Replaced,

    /// <summary>The system refuses; the message says what right is missing and how to get it.</summary>
    Denied,

    /// <summary>Something else went wrong; the message says what.</summary>
    Failed,
}
