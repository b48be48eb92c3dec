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

    /// <summary>The agent may not look at it.</summary>
    Denied,

    /// <summary>Something else is wrong; the message says what.</summary>
    Failed,
}
