using WebVmMap.Core.Regions;

namespace WebVmMap.Core.Fragmentation;

/// <summary>Allocations alike, and the address space that they keep others from using.</summary>
/// <param name="Category">Their category; Unspecified where nothing precedes.</param>
/// <param name="Details">What they are; empty for what has no name.</param>
/// <param name="Allocations">How many there are.</param>
/// <param name="SizeBytes">Their own address space.</param>
/// <param name="WastedBytes">What they waste.</param>
/// <param name="Example">Address of the one that wastes most.</param>
public sealed record SpaceWaster(RegionCategory Category, string Details, int Allocations, long SizeBytes, long WastedBytes, ulong Example);
