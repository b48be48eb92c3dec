using WebVmMap.Core.Processes;

namespace WebVmMap.Hub.Api;

/// <summary>The process of a snapshot.</summary>
/// <param name="Pid">Its id.</param>
/// <param name="StartTime">When it started, UTC.</param>
/// <param name="Name">Name of the executable.</param>
/// <param name="CommandLine">Arguments joined by blanks.</param>
internal sealed record SnapshotProcessDto(int Pid, DateTime StartTime, string Name, string CommandLine)
{
    public static SnapshotProcessDto Of(ProcessInfo process) => new(process.Key.Pid, process.StartTime.UtcDateTime, process.Name, process.CommandLine);
}
