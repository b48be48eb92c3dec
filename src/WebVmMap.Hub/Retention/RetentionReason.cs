namespace WebVmMap.Hub.Retention;

/// <summary>Why a snapshot or a recording goes.</summary>
public enum RetentionReason
{
    /// <summary>It is too old.</summary>
    Age,

    /// <summary>There are too many newer ones.</summary>
    Count,

    /// <summary>Newer ones take all the room.</summary>
    Size,
}
