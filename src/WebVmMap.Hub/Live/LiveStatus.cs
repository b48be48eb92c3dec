namespace WebVmMap.Hub.Live;

/// <summary>How a watched process fares.</summary>
public enum LiveStatus
{
    /// <summary>The agent has been asked; nothing has come yet.</summary>
    Starting,

    /// <summary>Samples arrive.</summary>
    Live,

    /// <summary>The host's agent is not connected; the last picture stays and watching resumes by itself.</summary>
    HostOffline,

    /// <summary>The process has ended, or its id belongs to another one; the last picture stays.</summary>
    Ended,

    /// <summary>No process has this id. It is not asked for again: whoever meant one that is to come opens the page again.</summary>
    NotFound,

    /// <summary>What has this id has no address space of its own, and never will: the kernel, or a thread.</summary>
    NoAddressSpace,

    /// <summary>The agent may not look at it.</summary>
    Denied,

    /// <summary>Something else is wrong; the message says what.</summary>
    Failed,
}
