namespace WebVmMap.Core.Recordings;

/// <summary>What was allocated and freed in a span of a recording, and what of it is live at its end. Immutable.</summary>
/// <param name="LiveBytes">Bytes that were allocated in the span and are not freed at its end.</param>
/// <param name="LiveBlocks">The blocks of those bytes.</param>
/// <param name="AllocatedBytes">Bytes that were allocated in the span.</param>
/// <param name="Allocations">How many blocks were allocated in the span.</param>
/// <param name="FreedBytes">Bytes that were freed in the span, whenever they were allocated.</param>
/// <param name="Frees">How many blocks were freed in the span.</param>
/// <param name="TemporaryBytes">Bytes that were freed in the span soon after they were allocated (<see cref="TemporaryWithin"/>).</param>
/// <param name="Temporaries">The blocks of those bytes.</param>
public readonly record struct AllocationFigures(
    long LiveBytes, long LiveBlocks, long AllocatedBytes, long Allocations, long FreedBytes, long Frees, long TemporaryBytes = 0, long Temporaries = 0)
{
    /// <summary>Whether nothing happened and nothing is live.</summary>
    public bool IsZero => (LiveBytes | LiveBlocks | AllocatedBytes | Allocations | FreedBytes | Frees | TemporaryBytes | Temporaries) == 0;

    /// <summary>One of the figures.</summary>
    public long this[AllocationMetric metric] => metric switch
    {
        AllocationMetric.LiveBytes => LiveBytes,
        AllocationMetric.LiveBlocks => LiveBlocks,
        AllocationMetric.AllocatedBytes => AllocatedBytes,
        AllocationMetric.Allocations => Allocations,
        AllocationMetric.FreedBytes => FreedBytes,
        AllocationMetric.Frees => Frees,
        AllocationMetric.TemporaryBytes => TemporaryBytes,
        AllocationMetric.Temporaries => Temporaries,
        _ => throw new ArgumentOutOfRangeException(nameof(metric), metric, null),
    };

    /// <summary>The sum of two.</summary>
    public static AllocationFigures operator +(AllocationFigures a, AllocationFigures b) => a.Add(b);

    /// <summary>How much more this has than another.</summary>
    public AllocationFigures Less(AllocationFigures other) => new(
        LiveBytes - other.LiveBytes,
        LiveBlocks - other.LiveBlocks,
        AllocatedBytes - other.AllocatedBytes,
        Allocations - other.Allocations,
        FreedBytes - other.FreedBytes,
        Frees - other.Frees,
        TemporaryBytes - other.TemporaryBytes,
        Temporaries - other.Temporaries);

    /// <summary>The sum of this and another.</summary>
    public AllocationFigures Add(AllocationFigures other) => new(
        LiveBytes + other.LiveBytes,
        LiveBlocks + other.LiveBlocks,
        AllocatedBytes + other.AllocatedBytes,
        Allocations + other.Allocations,
        FreedBytes + other.FreedBytes,
        Frees + other.Frees,
        TemporaryBytes + other.TemporaryBytes,
        Temporaries + other.Temporaries);
}
