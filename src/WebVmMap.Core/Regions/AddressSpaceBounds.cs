using System.Numerics;

namespace WebVmMap.Core.Regions;

/// <summary>Where a program may have memory, and in what steps it gets it.</summary>
/// <param name="Lowest">The lowest address that can be allocated (Linux vm.mmap_min_addr; Windows lpMinimumApplicationAddress).</param>
/// <param name="End">The first address past the end of user space.</param>
/// <param name="Granularity">Allocations start at multiples of this many bytes: 4096 on Linux, 65536 on Windows.</param>
public readonly record struct AddressSpaceBounds(ulong Lowest, ulong End, int Granularity)
{
    /// <summary>The rule that these bounds break as a sentence, or null.</summary>
    internal string? Broken() => this switch
    {
        _ when (Lowest | End) % RegionTableBuilder.PageSize != 0 =>
            $"The bounds 0x{Lowest:x} and 0x{End:x} are not multiples of the page size.",
        _ when Lowest > End || End > long.MaxValue => $"No address space reaches from 0x{Lowest:x} to 0x{End:x}.",
        _ when Granularity < RegionTableBuilder.PageSize || !BitOperations.IsPow2(Granularity) =>
            $"The granularity {Granularity} is not a power of two of at least the page size.",
        _ => null,
    };
}
