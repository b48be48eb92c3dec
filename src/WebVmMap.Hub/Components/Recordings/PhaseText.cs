using System.Globalization;
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

    /// <summary>What was recorded: the command that was launched, or the process that ran.</summary>
    public static string Subject(Recording recording) => recording switch
    {
        { Launched: true, CommandLine.Length: > 0 } => recording.CommandLine,
        { Program.Length: > 0, Pid: > 0 } => string.Create(CultureInfo.InvariantCulture, $"{recording.Program} (process {recording.Pid})"),
        { Pid: > 0 } => string.Create(CultureInfo.InvariantCulture, $"process {recording.Pid}"),
        _ => "a process",
    };

    /// <summary>What it is called: as somebody named it, or the program's name alone.</summary>
    public static string Name(Recording recording) => recording switch
    {
        { Name.Length: > 0 } => recording.Name,
        { Program.Length: > 0 } => recording.Program,
        _ => Subject(recording),
    };

    /// <summary>All that is written about it, for a hint: the note, and what was started.</summary>
    public static string Words(Recording recording) => string.Join('\n', new[] { recording.Name, recording.Note, Subject(recording), recording.CommandLine }.Where(text => text.Length > 0).Distinct());
}
