namespace WebVmMap.Hub.Store.Records;

/// <summary>What made a snapshot. The values are stored.</summary>
public enum SnapshotCause
{
    /// <summary>Not told.</summary>
    Unspecified = 0,

    /// <summary>A person or a script asked for it.</summary>
    ByHand = 1,

    /// <summary>A schedule: every so many minutes.</summary>
    Schedule = 2,

    /// <summary>A rule: the process's memory passed a limit.</summary>
    Rule = 3,

    /// <summary>It was read from a file.</summary>
    Import = 4,
}
