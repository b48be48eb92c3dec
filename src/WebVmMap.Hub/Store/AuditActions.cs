namespace WebVmMap.Hub.Store;

/// <summary>What is written to the audit. The words are stored.</summary>
public static class AuditActions
{
    /// <summary>A snapshot was put into the bin.</summary>
    public const string SnapshotDeleted = "snapshot deleted";

    /// <summary>A snapshot was taken out of the bin.</summary>
    public const string SnapshotRestored = "snapshot restored";

    /// <summary>A share link was made.</summary>
    public const string ShareMade = "share made";

    /// <summary>A share link was revoked.</summary>
    public const string ShareRevoked = "share revoked";

    /// <summary>A process's working set was emptied.</summary>
    public const string WorkingSetEmptied = "working set emptied";

    /// <summary>A schedule or rule was made.</summary>
    public const string ScheduleMade = "schedule made";

    /// <summary>A schedule or rule was deleted.</summary>
    public const string ScheduleDeleted = "schedule deleted";

    /// <summary>What is kept how long was changed.</summary>
    public const string RetentionChanged = "retention changed";

    /// <summary>A tracer was put into a process.</summary>
    public const string RecordingStarted = "recording started";

    /// <summary>A recording was stopped.</summary>
    public const string RecordingStopped = "recording stopped";

    /// <summary>A program that had been launched under recording was ended.</summary>
    public const string ProgramEnded = "program ended";

    /// <summary>Lines of a source file of a host were shown.</summary>
    public const string SourceRead = "source read";

    /// <summary>A recording was deleted.</summary>
    public const string RecordingDeleted = "recording deleted";
}
