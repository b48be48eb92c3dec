namespace WebVmMap.Hub.Api;

/// <summary>A region of the newest snapshot that has grown since the oldest, or was not there.</summary>
/// <param name="Address">Its address in the newest snapshot, hexadecimal.</param>
/// <param name="Details">What it is.</param>
/// <param name="First">Bytes in the oldest snapshot, 0 where it was not there.</param>
/// <param name="Last">Bytes in the newest snapshot.</param>
internal sealed record TrendRegionDto(string Address, string Details, long First, long Last);
