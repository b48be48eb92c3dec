namespace WebVmMap.Hub.Live;

/// <summary>A category's sums at one moment, in bytes.</summary>
/// <param name="Committed">Committed bytes.</param>
/// <param name="Private">Private bytes.</param>
/// <param name="TotalWs">Resident bytes.</param>
public readonly record struct CategoryTotals(long Committed, long Private, long TotalWs);
