namespace WebVmMap.Core.Recordings;

/// <summary>What a site allocated within one interval.</summary>
/// <param name="Site">Number of the site.</param>
/// <param name="Blocks">How many blocks.</param>
/// <param name="Bytes">Their bytes, as they were asked for.</param>
public readonly record struct SiteAllocated(int Site, long Blocks, long Bytes);
