namespace WebVmMap.Core.Recordings;

/// <summary>A block that is allocated and not freed.</summary>
/// <param name="Address">Its first byte.</param>
/// <param name="Size">Its bytes, as they were asked for.</param>
/// <param name="Site">Number of the site that allocated it.</param>
/// <param name="Born">Number of the interval in which it was allocated; -1 for before the recording.</param>
/// <param name="Thread">The thread that allocated it, by its system-wide id; 0 when unknown.</param>
/// <param name="Weight">How many blocks it stands for, itself included: more than 1 only when sampled.</param>
public readonly record struct LiveBlock(ulong Address, long Size, int Site, int Born, int Thread, int Weight = 1);
