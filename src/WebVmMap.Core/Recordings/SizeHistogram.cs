using System.Collections.Immutable;

namespace WebVmMap.Core.Recordings;

/// <summary>What a span allocated and freed by the size of its blocks.</summary>
public static class SizeHistogram
{
    /// <summary>The figures of each size class of which something is told, smallest first; 0 stands for blocks of unknown size.</summary>
    /// <param name="recording">The recording.</param>
    /// <param name="span">The span.</param>
    /// <param name="kind">Only what was got through this; null for all.</param>
    public static ImmutableArray<(byte SizeClass, AllocationFigures Figures)> Of(RecordingState recording, SpanTotals span, AllocationKind? kind)
    {
        var sums = new AllocationFigures[SizeClass.Largest + 1];
        for (var site = 0; site < span.Sites.Length; site++)
        {
            var told = recording.Sites[site];
            if (kind is not { } wanted || told.Kind == wanted)
            {
                sums[told.SizeClass] += span.Sites[site];
            }
        }
        return [.. sums.Select((figures, sizeClass) => ((byte)sizeClass, figures)).Where(sum => !sum.figures.IsZero)];
    }
}
