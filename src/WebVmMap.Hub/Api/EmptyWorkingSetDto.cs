namespace WebVmMap.Hub.Api;

/// <summary>A wish to empty a working set.</summary>
/// <param name="StartTime">When the process started, as the list of processes tells it: a later process with the same pid is then not touched.</param>
internal sealed record EmptyWorkingSetDto(DateTimeOffset? StartTime);
