namespace WebVmMap.Recording.Windows;

/// <summary>How a process came to be recorded.</summary>
internal enum RecordedBecause
{
    /// <summary>It was started for that, and may be ended.</summary>
    Launched,

    /// <summary>It ran.</summary>
    AttachedTo,

    /// <summary>A recorded one started it.</summary>
    Followed,
}
