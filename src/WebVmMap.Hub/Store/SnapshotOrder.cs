namespace WebVmMap.Hub.Store;

/// <summary>By what a list of snapshots is sorted; those that are equal in it, by the time they were taken.</summary>
public enum SnapshotOrder
{
    /// <summary>When it was taken.</summary>
    TakenAt,

    /// <summary>The process's name.</summary>
    Process,

    /// <summary>The host's name.</summary>
    Host,

    /// <summary>Private bytes.</summary>
    Private,

    /// <summary>Committed bytes.</summary>
    Committed,

    /// <summary>Resident bytes.</summary>
    TotalWs,

    /// <summary>Bytes that it takes in the store.</summary>
    StoredBytes,
}
