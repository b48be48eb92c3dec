namespace WebVmMap.Hub.Api;

/// <summary>A recording of a process that a recorded one started.</summary>
internal sealed record RecordingChildDto(string Id, int Pid, string Program, string State);
