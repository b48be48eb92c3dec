namespace WebVmMap.Core.Trends;

/// <summary>A region of the newest snapshot that has grown, or was not there, since the oldest.</summary>
/// <param name="Address">Its first address in the newest snapshot.</param>
/// <param name="Details">What it is, in the newest snapshot.</param>
/// <param name="First">Its bytes in the oldest snapshot; 0 where it was not there.</param>
/// <param name="Last">Its bytes in the newest snapshot.</param>
public sealed record TrendRegion(ulong Address, string Details, long First, long Last);
