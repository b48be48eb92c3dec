using WebVmMap.Core.Recordings;

namespace WebVmMap.Hub.Api;

/// <summary>One function with those that call it and those that it calls. Each stack is counted once, however often the function is in it.</summary>
internal sealed record CallNeighboursDto(
    string Function, string Module, AllocationFiguresDto Total, AllocationFiguresDto Self, IReadOnlyList<CallNeighbourDto> Callers, IReadOnlyList<CallNeighbourDto> Callees)
{
    public static CallNeighboursDto Of(CallNeighbours neighbours) => new(
        neighbours.Function.Place.Function,
        neighbours.Function.Place.Module,
        AllocationFiguresDto.Of(neighbours.Function.Total),
        AllocationFiguresDto.Of(neighbours.Own),
        [.. neighbours.Callers.Select(CallNeighbourDto.Of)],
        [.. neighbours.Callees.Select(CallNeighbourDto.Of)]);
}
