namespace WebVmMap.Hub.Store;

/// <summary>A stored snapshot, or why there is none.</summary>
/// <param name="Stored">The snapshot, null when it could not be taken.</param>
/// <param name="Failure">What kind of failure it was.</param>
/// <param name="Message">One sentence: what is wrong, why, and what to do. Empty on success.</param>
public sealed record SnapshotOutcome(StoredSnapshot? Stored, SnapshotFailure Failure, string Message);
