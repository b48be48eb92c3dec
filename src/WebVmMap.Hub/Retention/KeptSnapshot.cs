namespace WebVmMap.Hub.Retention;

/// <summary>What retention needs to know of a snapshot.</summary>
/// <param name="Id">Which.</param>
/// <param name="TakenAt">When it was taken.</param>
/// <param name="StoredBytes">Bytes that it takes in the store.</param>
internal readonly record struct KeptSnapshot(string Id, DateTimeOffset TakenAt, long StoredBytes);
