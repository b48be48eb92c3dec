namespace WebVmMap.Core.Recordings;

/// <summary>Which of the <see cref="AllocationFigures"/> an order, a share or a picture is by.</summary>
public enum AllocationMetric
{
    /// <summary>Bytes allocated in the span and live at its end.</summary>
    LiveBytes,

    /// <summary>Blocks allocated in the span and live at its end.</summary>
    LiveBlocks,

    /// <summary>Bytes allocated in the span.</summary>
    AllocatedBytes,

    /// <summary>Blocks allocated in the span.</summary>
    Allocations,

    /// <summary>Bytes freed in the span.</summary>
    FreedBytes,

    /// <summary>Blocks freed in the span.</summary>
    Frees,

    /// <summary>Bytes freed in the span soon after they were allocated.</summary>
    TemporaryBytes,

    /// <summary>Blocks freed in the span soon after they were allocated.</summary>
    Temporaries,
}
