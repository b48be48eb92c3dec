namespace WebVmMap.Hub.Recordings;

/// <summary>How far a recording has come. The numbers are stored.</summary>
public enum RecordingPhase
{
    /// <summary>The agent was asked to begin.</summary>
    Starting = 1,

    /// <summary>It is under way.</summary>
    Running = 2,

    /// <summary>It was stopped, or the program ended; all of it is stored.</summary>
    Stopped = 3,

    /// <summary>It could not begin or go on; what was stored till then is kept.</summary>
    Failed = 4,
}
