namespace WebVmMap.Hub.Api;

/// <summary>A recording that has begun.</summary>
internal sealed record RecordingStartedDto(string Id, int Pid);
