namespace WebVmMap.Hub.Retention;

/// <summary>What retention needs to know of a snapshot or a recording.</summary>
/// <param name="Id">Which.</param>
/// <param name="TakenAt">When it was taken, or begun.</param>
/// <param name="StoredBytes">Bytes that it takes in the store.</param>
internal readonly record struct KeptItem(string Id, DateTimeOffset TakenAt, long StoredBytes);
