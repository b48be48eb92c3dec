namespace WebVmMap.Hub.Store;

/// <summary>Why a snapshot could not be taken.</summary>
public enum SnapshotFailure
{
    /// <summary>It was taken.</summary>
    None,

    /// <summary>There is no such host.</summary>
    UnknownHost,

    /// <summary>The host's agent is not connected.</summary>
    HostOffline,

    /// <summary>There is no such process (any more), or its id belongs to another one.</summary>
    ProcessGone,

    /// <summary>What has this id has no address space: the kernel, or a thread.</summary>
    NoAddressSpace,

    /// <summary>The agent may not look at it.</summary>
    Denied,

    /// <summary>The agent took too long.</summary>
    TimedOut,

    /// <summary>The agent takes as many snapshots at a time as it may.</summary>
    Busy,

    /// <summary>Something else; the message says what.</summary>
    Failed,
}
