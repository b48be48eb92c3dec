using WebVmMap.Hub.Recordings;

namespace WebVmMap.Hub.Components.Recordings;

/// <summary>The phases of a recording in words.</summary>
internal static class PhaseText
{
    /// <summary>In a word.</summary>
    public static string Of(RecordingPhase phase) => phase switch
    {
        RecordingPhase.Starting => "starting",
        RecordingPhase.Running => "recording",
        RecordingPhase.Stopped => "stopped",
        _ => "failed",
    };

    /// <summary>The looks of its chip.</summary>
    public static string Class(RecordingPhase phase) => phase switch
    {
        RecordingPhase.Starting => "starting",
        RecordingPhase.Running => "live",
        RecordingPhase.Stopped => "gone",
        _ => "failed",
    };

    /// <summary>What was recorded: the program, or the process.</summary>
    public static string Subject(Recording recording) => recording switch
    {
        { CommandLine.Length: > 0 } => recording.CommandLine,
        { Pid: > 0 } => $"process {recording.Pid}",
        _ => "a process",
    };

    /// <summary>The program's file name alone, for titles.</summary>
    public static string Name(Recording recording)
    {
        var program = recording.CommandLine.Split(' ', 2)[0];
        return program.Length > 0 ? Text.PathParts.Split(program).File : Subject(recording);
    }
}
