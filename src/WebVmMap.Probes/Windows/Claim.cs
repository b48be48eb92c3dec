using WebVmMap.Core.Regions;

namespace WebVmMap.Probes.Windows;

/// <summary>What a range of addresses was found to be.</summary>
/// <param name="Start">First address.</param>
/// <param name="End">First address after it.</param>
/// <param name="Category">Null leaves the category that the memory's type gives.</param>
/// <param name="Detail">What it is, for people.</param>
internal readonly record struct Claim(ulong Start, ulong End, RegionCategory? Category, string Detail);
