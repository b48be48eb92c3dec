namespace WebVmMap.Hub.Store.Records;

/// <summary>What makes a schedule take a snapshot. The values are stored.</summary>
public enum ScheduleTrigger
{
    /// <summary>Not told.</summary>
    Unspecified = 0,

    /// <summary>Time: every so many minutes.</summary>
    Interval = 1,

    /// <summary>A rule: private bytes are above a limit.</summary>
    PrivateAbove = 2,

    /// <summary>A rule: private bytes grow by more than a limit per hour.</summary>
    GrowthAbove = 3,
}
