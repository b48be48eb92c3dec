using WebVmMap.Core.Recordings;

namespace WebVmMap.Hub.Api;

/// <summary>What a recording allocated and freed of one kind of memory from its beginning on, and what of it is live.</summary>
internal sealed record RecordingTotalsDto(long LiveBytes, long LiveBlocks, long AllocatedBytes, long Allocations, long FreedBytes, long Frees)
{
    public static RecordingTotalsDto Of(AllocationFigures figures) =>
        new(figures.LiveBytes, figures.LiveBlocks, figures.AllocatedBytes, figures.Allocations, figures.FreedBytes, figures.Frees);
}
