using WebVmMap.Core.Recordings;

namespace WebVmMap.Hub.Api;

/// <summary>What was allocated and freed in a span, and what of it is live at its end.</summary>
internal sealed record AllocationFiguresDto(
    long LiveBytes, long LiveBlocks, long AllocatedBytes, long Allocations, long FreedBytes, long Frees, long TemporaryBytes, long Temporaries)
{
    public static AllocationFiguresDto Of(AllocationFigures figures) => new(
        figures.LiveBytes, figures.LiveBlocks, figures.AllocatedBytes, figures.Allocations, figures.FreedBytes, figures.Frees, figures.TemporaryBytes, figures.Temporaries);
}
