using System.Globalization;
using WebVmMap.Core.Fragmentation;
using WebVmMap.Core.Regions;

namespace WebVmMap.Hub.Api;

/// <summary>Allocations alike, and the address space that they keep others from using.</summary>
/// <param name="Category">Their category.</param>
/// <param name="Details">What they are.</param>
/// <param name="Allocations">How many.</param>
/// <param name="Size">Their own address space.</param>
/// <param name="Wasted">What they waste.</param>
/// <param name="Example">Address of the one that wastes most.</param>
internal sealed record SpaceWasterDto(string Category, string Details, int Allocations, long Size, long Wasted, string Example)
{
    public static SpaceWasterDto Of(SpaceWaster waster) => new(
        waster.Category.DisplayName(), waster.Details, waster.Allocations, waster.SizeBytes, waster.WastedBytes,
        string.Create(CultureInfo.InvariantCulture, $"0x{waster.Example:x}"));
}
