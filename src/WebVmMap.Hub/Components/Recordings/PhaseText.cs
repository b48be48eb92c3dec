using System.Globalization;
using WebVmMap.Hub.Components.Text;
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

    /// <summary>What it is called: as somebody named it, or the program's name alone.</summary>
    public static string Name(Recording recording) => recording switch
    {
        { Name.Length: > 0 } => recording.Name,
        { Program.Length: > 0 } => recording.Program,
        _ => recording.Subject,
    };

    /// <summary>Which process it is of, since when and for how long.</summary>
    public static string Facts(Recording recording, DateTimeOffset now)
    {
        var program = recording.Name.Length > 0 && recording.Program.Length > 0 ? $"{recording.Program}, " : "";
        var process = program + (recording.Pid > 0 ? string.Create(CultureInfo.InvariantCulture, $"pid {recording.Pid} on {recording.HostName}") : $"on {recording.HostName}");
        return $"{process}, {TimeText.Full(recording.StartedAt)}, {TimeText.Span((recording.StoppedAt ?? now) - recording.StartedAt)}{(recording.Sampled ? ", sampled: figures are estimates" : "")}";
    }

    /// <summary>All that is written about it, for a hint: the note, and what was started.</summary>
    public static string Words(Recording recording) => string.Join('\n', new[] { recording.Name, recording.Note, recording.Subject, recording.CommandLine }.Where(text => text.Length > 0).Distinct());
}
