using WebVmMap.Core.Recordings;

namespace WebVmMap.Hub.Api;

/// <summary>A function as seen from another one: what goes through both.</summary>
internal sealed record CallNeighbourDto(string Function, string Module, AllocationFiguresDto Total)
{
    public static CallNeighbourDto Of(CallNeighbour neighbour) => new(neighbour.Place.Function, neighbour.Place.Module, AllocationFiguresDto.Of(neighbour.Total));
}
