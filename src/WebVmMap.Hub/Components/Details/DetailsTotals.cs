namespace WebVmMap.Hub.Components.Details;

/// <summary>What a set of regions amounts to, in bytes.</summary>
/// <param name="Allocations">How many allocations they belong to.</param>
/// <param name="Regions">How many they are.</param>
/// <param name="Size">Address space.</param>
/// <param name="Committed">Committed.</param>
/// <param name="Private">Private.</param>
/// <param name="TotalWs">Resident.</param>
public readonly record struct DetailsTotals(int Allocations, int Regions, long Size, long Committed, long Private, long TotalWs);
