namespace WebVmMap.Hub.Retention;

/// <summary>What the database takes on its disk.</summary>
/// <param name="TotalBytes">All of it.</param>
/// <param name="ReusableBytes">Of it what was deleted left, which new data use first; null where the database does not tell.</param>
/// <param name="Shrinks">True when reusable room is given back to the disk by and by.</param>
public sealed record StoreSpace(long TotalBytes, long? ReusableBytes, bool Shrinks);
