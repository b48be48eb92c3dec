namespace WebVmMap.Core.Processes;

/// <summary>A process, told apart from a later one that was given the same id.</summary>
/// <param name="Pid">The process id, unique only while the process lives.</param>
/// <param name="StartStamp">
/// The kernel's own start stamp, compared and never interpreted: clock ticks since boot on Linux
/// (<c>/proc/PID/stat</c> field 22), the creation FILETIME on Windows (GetProcessTimes).
/// </param>
public readonly record struct ProcessKey(int Pid, long StartStamp);
