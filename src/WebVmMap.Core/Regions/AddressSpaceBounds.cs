namespace WebVmMap.Core.Regions;

/// <summary>Where a program may have memory, and in what steps it gets it.</summary>
/// <param name="Lowest">The lowest address that can be allocated (Linux vm.mmap_min_addr; Windows lpMinimumApplicationAddress).</param>
/// <param name="End">The first address past the end of user space.</param>
/// <param name="Granularity">Allocations start at multiples of this many bytes: 4096 on Linux, 65536 on Windows.</param>
public readonly record struct AddressSpaceBounds(ulong Lowest, ulong End, int Granularity);
